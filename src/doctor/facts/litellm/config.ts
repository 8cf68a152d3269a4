import type { EnvVariable, LiteLlm } from '../../../deployment/model.ts';
import { envText, envUnknown } from '../../../deployment/resolve-env.ts';
import { defineFact } from '../../fact.ts';
import { hiddenKind, noLiteLlm } from '../../hidden.ts';

export interface LiteLlmConfigView {
  readonly workload: string;
  readonly namespace: string;
  readonly configObject: string | null;
  /** Why the settings could not be read. */
  readonly unreadable: string | null;
  readonly successCallbacks: readonly string[];
  readonly failureCallbacks: readonly string[];
  readonly callbacks: readonly string[];
  /** LANGFUSE_HOST or LANGFUSE_OTEL_HOST as the process sees it. */
  readonly host: string | null;
  readonly hostVariable: string | null;
  /** Why it cannot be said that the host is not set; null when it can. */
  readonly hostUnknown: string | null;
  /** Public keys are not secret; they name the pair in findings. */
  readonly publicKey: string | null;
  readonly secretKeySet: boolean;
  readonly secretKeyFingerprint: string | null;
  /** Where the pair comes from, for example `secret/litellm-langfuse key LANGFUSE_SECRET_KEY`. */
  readonly keySource: string | null;
}

/** LiteLLM's settings and Langfuse variables, https://docs.litellm.ai/docs/observability/langfuse_integration */
export const litellmConfigFact = defineFact({
  id: 'litellm/config',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly LiteLlmConfigView[]> => {
    const deployment = await context.deployment();
    const { liteLlm, unknown } = deployment;
    if (liteLlm.length === 0) throw noLiteLlm(deployment, context.settings);
    const { parseYaml } = await import('../../../deployment/yaml.ts');
    return liteLlm.map((neighbour) => ({
      ...view(neighbour, parseYaml, context.fingerprint),
      ...(neighbour.config === null ? { unreadable: noSettings(unknown, neighbour.workload.namespace) } : {}),
    }));
  },
});

/** The callbacks for calls that went well, by the settings' text; none where it cannot be read. */
export function successCallbacks(neighbour: LiteLlm, parse: (text: string) => unknown): readonly string[] {
  const { settings } = readConfig(neighbour, parse);
  return [...names(settings['callbacks']), ...names(settings['success_callback'])];
}

function view(
  neighbour: LiteLlm,
  parse: (text: string) => unknown,
  fingerprint: (value: string) => string,
): LiteLlmConfigView {
  const { settings, variables, unreadable } = readConfig(neighbour, parse);
  const text = (name: string): string | null => {
    const given = variables[name];
    if (typeof given !== 'string') return envText(neighbour.env, name);
    const reference = /^os\.environ\/(\w+)$/.exec(given)?.[1];
    return reference === undefined ? given : envText(neighbour.env, reference);
  };
  const secret = text('LANGFUSE_SECRET_KEY');
  const hostVariable = ['LANGFUSE_OTEL_HOST', 'LANGFUSE_HOST'].find((name) => text(name) !== null) ?? null;
  return {
    workload: `deployment/${neighbour.workload.name}`,
    namespace: neighbour.workload.namespace,
    configObject: neighbour.config?.object ?? null,
    unreadable,
    successCallbacks: names(settings['success_callback']),
    failureCallbacks: names(settings['failure_callback']),
    callbacks: names(settings['callbacks']),
    host: hostVariable === null ? null : text(hostVariable),
    hostVariable,
    hostUnknown: envUnknown(neighbour.env, 'LANGFUSE_HOST'),
    publicKey: text('LANGFUSE_PUBLIC_KEY'),
    secretKeySet: secret !== null,
    secretKeyFingerprint: secret === null ? null : fingerprint(secret),
    keySource: sourceText(neighbour.env.variables.get('LANGFUSE_SECRET_KEY')),
  };
}

function noSettings(unknown: readonly string[], namespace: string): string {
  return hiddenKind(unknown, ['configmaps'], namespace) ?? 'no ConfigMap with its settings is mounted';
}

interface Config {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly unreadable: string | null;
}

function readConfig(neighbour: LiteLlm, parse: (text: string) => unknown): Config {
  const nothing = { settings: {}, variables: {} };
  if (neighbour.config === null) return { ...nothing, unreadable: null };
  try {
    const document = record(parse(neighbour.config.text));
    return {
      settings: record(document['litellm_settings']),
      variables: record(document['environment_variables']),
      unreadable: null,
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return { ...nothing, unreadable: `${neighbour.config.object} is not valid YAML: ${reason}` };
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A list of names, or one name alone. */
function names(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((name): name is string => typeof name === 'string');
}

function sourceText(variable: EnvVariable | undefined): string | null {
  if (variable === undefined) return null;
  const { source } = variable;
  return source.from === 'secret' || source.from === 'configmap' || source.from === 'missing'
    ? `${source.from === 'missing' ? '' : `${source.from}/`}${source.object} key ${source.key}`
    : source.from;
}
