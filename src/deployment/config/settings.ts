/** Flag, environment and file → settings, each value with where it came from. */
import { LfctlError } from '../../errors/error.ts';
import { didYouMean } from '../../errors/suggest.ts';
import type { Settings, Sourced } from '../settings.ts';
import type { LoadedConfig } from './load.ts';
import type { ConfigDeployment } from './schema.ts';
import { fromFile, pickOrigin } from './pick.ts';
import type { Pick } from './pick.ts';
import { resolveKeys, resolveOrganizationKeys, resolveStores } from './secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Global flags that choose a deployment, as argv has them. */
interface DeploymentFlags {
  readonly deployment?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly release?: string | undefined;
}

/** All that settings are made from. */
export interface SettingsInput {
  readonly flags: DeploymentFlags;
  readonly env: Environment;
  readonly config: LoadedConfig | null;
  /** Path of the configuration file, there or not. */
  readonly configFile: string;
  readonly timeoutMs: number;
  /** True when a kubeconfig or a service account is where kubectl would look. */
  readonly clusterAtHand: boolean;
}

/** @throws LfctlError USAGE (no such deployment), CONFIG_INVALID, CONFIG_UNREADABLE */
export async function resolveSettings(input: SettingsInput): Promise<Settings> {
  const chosen = chooseDeployment(input);
  const file: Pick = { input, name: chosen?.value ?? null, section: sectionOf(input, chosen?.value) };
  const kubernetes = kubernetesOf(file);
  const url = urlOf(file);
  const stores = await resolveStores(file);
  const keys = await resolveKeys(file);
  const given = Object.values(stores).some((store) => store !== null);
  return {
    deployment: file.name,
    configFile: input.configFile,
    kubernetes: { ...kubernetes, enabled: usesCluster(file, kubernetes, url, given) },
    url,
    ...keys,
    organizationKeys: await resolveOrganizationKeys(file),
    stores,
    ingress: { loadBalancerIdleSeconds: idleSecondsOf(file) },
    liteLlm: {
      namespace: pickOrigin(
        file,
        null,
        'LFCTL_LITELLM_NAMESPACE',
        ['litellm', 'namespace'],
        (section) => section.litellm?.namespace,
      ),
    },
    timeoutMs: input.timeoutMs,
  };
}

/** --deployment, else LFCTL_DEPLOYMENT, else `current` of the file. */
function chooseDeployment({ flags, env, config }: SettingsInput): Sourced<string> | null {
  if (flags.deployment !== undefined)
    return { value: flags.deployment, source: 'flag', origin: '--deployment' };
  const variable = env['LFCTL_DEPLOYMENT'];
  if (variable !== undefined && variable !== '')
    return { value: variable, source: 'environment', origin: 'LFCTL_DEPLOYMENT' };
  const current = config?.parsed.file.current;
  if (config === null || current === undefined) return null;
  return fromFile(config, ['current'], current);
}

function sectionOf({ config, configFile }: SettingsInput, name: string | undefined): ConfigDeployment | null {
  if (name === undefined) return null;
  const all = config?.parsed.file.deployments ?? {};
  const section = Object.hasOwn(all, name) ? all[name] : undefined;
  if (section !== undefined) return section;
  const names = Object.keys(all);
  throw new LfctlError('USAGE', {
    message: `no deployment '${name}' in ${configFile}`,
    fixes: [
      { text: didYouMean(name, names) ?? `known deployments: ${names.join(', ') || 'none'}` },
      { text: 'add it', command: `lfctl config init --name ${name}` },
    ],
  });
}

type Kubernetes = Omit<Settings['kubernetes'], 'enabled'>;

function kubernetesOf(file: Pick): Kubernetes {
  const { flags } = file.input;
  const one = (name: 'kubeconfig' | 'context' | 'namespace' | 'release'): Sourced<string> | null =>
    pickOrigin(
      file,
      flags[name] === undefined ? null : { value: flags[name], flag: `--${name}` },
      `LFCTL_${name.toUpperCase()}`,
      ['kubernetes', name],
      (section) => section.kubernetes?.[name],
    );
  return {
    kubeconfig: one('kubeconfig'),
    context: one('context'),
    namespace: one('namespace'),
    release: one('release'),
  };
}

/** Names that SDK users have come last: a shell that traces to another Langfuse must not redirect lfctl. */
function urlOf(file: Pick): Sourced<string> | null {
  const own = pickOrigin(file, null, 'LFCTL_URL', ['url'], (section) => section.url);
  if (own !== null) return checkedUrl(own);
  for (const name of ['LANGFUSE_BASE_URL', 'LANGFUSE_HOST', 'LANGFUSE_BASEURL']) {
    const value = file.input.env[name];
    if (value !== undefined && value !== '')
      return checkedUrl({ value, source: 'environment', origin: name });
  }
  return null;
}

function checkedUrl(url: Sourced<string>): Sourced<string> {
  if (URL.canParse(url.value) && /^https?:$/.test(new URL(url.value).protocol)) return url;
  throw new LfctlError('CONFIG_INVALID', {
    message: `${url.origin} is not an http:// or https:// URL`,
    fixes: [{ text: `set ${url.origin} to the address of web, such as https://langfuse.example.com` }],
  });
}

function idleSecondsOf(file: Pick): Sourced<number> | null {
  const name = 'LFCTL_LOAD_BALANCER_IDLE_SECONDS';
  const path = ['ingress', 'loadBalancerIdleSeconds'];
  const text = pickOrigin(file, null, name, path, (section) =>
    section.ingress?.loadBalancerIdleSeconds === undefined
      ? undefined
      : String(section.ingress.loadBalancerIdleSeconds),
  );
  if (text === null) return null;
  if (/^[1-9]\d{0,8}$/.test(text.value)) return { ...text, value: Number(text.value) };
  throw new LfctlError('CONFIG_INVALID', {
    message: `${text.origin} is '${text.value}': a whole number of seconds is needed`,
  });
}

/**
 * A cluster is used when one is named or nothing else is. URLs of lfctl's own alone mean: no cluster. Names that
 * are in a shell for SDKs (LANGFUSE_HOST) say so only where there is no cluster at hand.
 */
function usesCluster(
  file: Pick,
  kubernetes: Kubernetes,
  url: Sourced<string> | null,
  stores: boolean,
): boolean {
  const { env, clusterAtHand } = file.input;
  const named = Object.values(kubernetes).some((value) => value !== null);
  if (named || file.section?.kubernetes !== undefined || (env['KUBECONFIG'] ?? '') !== '') return true;
  const borrowed = url?.origin.startsWith('LANGFUSE_') === true;
  if (stores || (url !== null && !borrowed)) return false;
  return !borrowed || clusterAtHand;
}
