import type { Route } from '../../../deployment/model.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenKind, hiddenVariable, routeKinds } from '../../hidden.ts';
import { envEvidence, failing, manual } from '../../wording.ts';

export const configNextauthUrlCheck = defineCheck({
  id: 'config/nextauth-url',
  area: 'config',
  title: 'NEXTAUTH_URL is the address that browsers use',
  why: 'Sign-in redirects to NEXTAUTH_URL and single sign-on checks its callback against it: another host, or the chart default http://localhost:3000, sends people away.',
  severity: 'warning',
  uses: ['deployment/discovery', 'config/env'],
  explains: [],
  evaluate: ({ facts }) => {
    const { namespace, publicUrl, routes, unknown } = facts['deployment/discovery'];
    const web = facts['config/env'].find((env) => env.role === 'web');
    const secret = web === undefined ? null : hiddenVariable(web, 'NEXTAUTH_URL');
    if (publicUrl === null && secret !== null) return { status: 'unknown', reason: secret };
    if (publicUrl === null || web === undefined)
      return { status: 'skipped', reason: 'NEXTAUTH_URL is not known' };
    const host = hostOf(publicUrl);
    if (host === null) return noUrl(web);
    const hosts = [...new Set(routes.flatMap((route) => route.hosts))].filter((one) => one !== '*');
    const hidden = hiddenKind(unknown, routeKinds, namespace);
    if (hosts.length === 0)
      return hidden === null
        ? { status: 'skipped', reason: 'not exposed: no route to web' }
        : { status: 'unknown', reason: hidden };
    if (hosts.some((one) => one === host || (one.startsWith('*.') && host.endsWith(one.slice(1)))))
      return { status: 'ok', detail: publicUrl };
    return otherHost(web, publicUrl, host, hosts, routes);
  },
});

function noUrl(web: ComponentEnvView): Verdict {
  return failing(
    'NEXTAUTH_URL is not a URL',
    [envEvidence(web, 'NEXTAUTH_URL', 'does not parse', 'https://host')],
    [manual('set it to the address in the browser, with its scheme')],
  );
}

function otherHost(
  web: ComponentEnvView,
  publicUrl: string,
  host: string,
  hosts: readonly string[],
  routes: readonly Route[],
): Verdict {
  const route = routes.find((one) => one.hosts.length > 0);
  const wanted = `https://${hosts[0] ?? ''}`;
  return failing(
    `NEXTAUTH_URL names ${host}, the routes to web serve ${hosts.join(', ')}`,
    [
      envEvidence(web, 'NEXTAUTH_URL', publicUrl, wanted),
      {
        source: `${route?.kind ?? 'route'} ${route?.name ?? ''}`,
        again: `kubectl get ${(route?.kind ?? 'ingress').toLowerCase()} -n ${route?.namespace ?? ''} ${route?.name ?? ''} -o yaml`,
        observed: hosts.join(', '),
        expected: host,
      },
    ],
    [manual(`set NEXTAUTH_URL to ${wanted} and restart web`)],
  );
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}
