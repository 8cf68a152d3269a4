import type { Deployment } from '../../deployment/model.ts';
import type { Run } from '../start.ts';
import type { ProbeWishes } from './probe.ts';

/** Where users come in. */
export interface PublicTarget {
  /** Base URL without a path for sign-in. */
  readonly url: URL;
  /** NEXTAUTH_URL, --public-url, … */
  readonly origin: string;
  /** Why keys must not be sent there; null when they may. */
  readonly noKeys: string | null;
}

/** The URL that was given, else NEXTAUTH_URL, else the host of a route. */
export function publicTarget(
  { publicUrl }: Pick<ProbeWishes, 'publicUrl'>,
  { deployment, options: { settings } }: Pick<Run, 'deployment' | 'options'>,
): PublicTarget | { readonly why: string } {
  const given = publicUrl === null ? null : baseUrl(publicUrl);
  if (given !== null) return { url: given, origin: '--public-url', noKeys: null };
  if (deployment === null)
    return {
      why:
        settings.url === null
          ? 'no cluster is configured, and no public URL is given'
          : `everything goes by ${settings.url.origin} already`,
    };
  const named = deployment.publicUrl === null ? null : baseUrl(deployment.publicUrl);
  if (named !== null && !isLocal(named)) return found(deployment, named, 'NEXTAUTH_URL');
  const host = hostsOf(deployment).find((each) => !each.includes('*'));
  const routed = host === undefined ? null : baseUrl(`https://${host}`);
  if (routed !== null) return found(deployment, routed, 'the route');
  return { why: named === null ? 'no public URL is known' : `NEXTAUTH_URL is ${named.origin}` };
}

/** `https://host/base/api/auth` is how NEXTAUTH_URL names a base path (https://langfuse.com/self-hosting/configuration/custom-base-path). */
function baseUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return new URL(url.pathname.replace(/\/api\/auth\/?$/, ''), url.origin);
}

const isLocal = ({ hostname }: URL): boolean => /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(hostname);

const hostsOf = ({ routes }: Deployment): string[] => routes.flatMap(({ hosts }) => hosts);

/** A variable may name a stranger's host: keys go only where the cluster itself routes from, and not in plain text. */
function found(deployment: Deployment, url: URL, origin: string): PublicTarget {
  const routed = hostsOf(deployment).some((host) => covers(host, url.hostname));
  const noKeys = !routed
    ? 'no route of the cluster has this host'
    : url.protocol === 'https:'
      ? null
      : 'it is no https';
  return { url, origin, noKeys };
}

const covers = (host: string, name: string): boolean =>
  host === name || (host.startsWith('*.') && name.endsWith(host.slice(1)));
