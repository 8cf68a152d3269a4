import { kubeContexts } from '../deployment/config/kubeconfig.ts';
import { readConfigText } from '../deployment/config/load.ts';
import { configPath, statePath } from '../deployment/config/place.ts';
import { parseConfig } from '../deployment/config/parse.ts';
import type { OptionSpec } from './command.ts';
import type { Offer } from './complete.ts';
import type { Host } from './host.ts';

/** Names that are looked up while the operator types: in files and in lfctl itself, never over the network. */
export async function liveWords(
  what: OptionSpec['completes'],
  words: readonly string[],
  host: Host,
): Promise<Offer[]> {
  switch (what) {
    case 'deployment':
      return await deploymentWords(words, host);
    case 'context':
      return (await contextsOf(words, host)).map(({ name, current }) => [name, current ? 'current' : '']);
    case 'namespace':
      return await namespaceWords(words, host);
    case 'check':
      return await checkWords();
    case 'fault':
      return await faultWords();
    case 'sandbox':
      return await sandboxWords(host);
    case 'schema':
      return (await (await import('./schemas.ts')).schemaKinds()).map((kind) => [kind, '']);
    case 'explain':
      return await explainWords();
    case 'file':
    case undefined:
    default:
      return [];
  }
}

/** The value of a global flag that is on the line already. */
function flagValue(flag: string, words: readonly string[]): string | undefined {
  const inline = words.find((word) => word.startsWith(`${flag}=`));
  if (inline !== undefined) return inline.slice(flag.length + 1);
  const at = words.indexOf(flag);
  return at < 0 || at >= words.length - 2 ? undefined : words[at + 1];
}

async function fileOf(words: readonly string[], host: Host): Promise<ReturnType<typeof parseConfig>['file']> {
  const named = flagValue('--config', words) ?? host.env['LFCTL_CONFIG'];
  const path = named ?? configPath(host.env, host.homeFolder);
  return path === null ? {} : parseConfig((await readConfigText(path, false)) ?? '').file;
}

async function deploymentWords(words: readonly string[], host: Host): Promise<Offer[]> {
  const { deployments = {}, current } = await fileOf(words, host);
  return Object.entries(deployments).map(([name, { kubernetes, url }]) => [
    name,
    [kubernetes?.namespace ?? url ?? '', name === current ? 'current' : '']
      .filter((part) => part !== '')
      .join(', '),
  ]);
}

const contextsOf = async (words: readonly string[], host: Host): ReturnType<typeof kubeContexts> =>
  await kubeContexts({
    kubeconfig: flagValue('--kubeconfig', words) ?? host.env['LFCTL_KUBECONFIG'] ?? null,
    env: host.env,
    homeFolder: host.homeFolder,
  });

async function namespaceWords(words: readonly string[], host: Host): Promise<Offer[]> {
  const { deployments = {} } = await fileOf(words, host);
  const known = new Map<string, string>();
  for (const { name, namespace } of await contextsOf(words, host))
    if (namespace !== null) known.set(namespace, `of context ${name}`);
  for (const [name, { kubernetes }] of Object.entries(deployments))
    if (kubernetes?.namespace !== undefined) known.set(kubernetes.namespace, `of ${name}`);
  return [...known];
}

async function checkWords(): Promise<Offer[]> {
  const { checks } = await import('../doctor/checks/index.gen.ts');
  const areas = [...new Set(checks.map((check) => check.area))];
  return [
    ...areas.map((area): Offer => [area, 'all checks of the area']),
    ...checks.map((check): Offer => [check.id, check.title]),
  ];
}

async function faultWords(): Promise<Offer[]> {
  const { faults } = await import('../sandbox/faults/index.gen.ts');
  return faults.map((fault) => [fault.name, fault.summary]);
}

/** Sandboxes by their folders; whether they run would have to be asked of processes. */
async function sandboxWords({ env, homeFolder }: Host): Promise<Offer[]> {
  const state = statePath(env, homeFolder);
  if (state === null) return [];
  const { sandboxNames } = await import('../sandbox/state.ts');
  return (await sandboxNames(state)).map((name) => [name, '']);
}

async function explainWords(): Promise<Offer[]> {
  const { explainable } = await import('./explain.ts');
  return (await explainable()).map(({ id, title }) => [id, title]);
}
