import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ProgramHost } from '../../program.ts';

interface Model {
  readonly name: string;
  /** What it answers, or null for a provider that nobody reaches from here. */
  readonly mockResponse: string | null;
}

/** The parts of LiteLLM's config.yaml that matter here. https://docs.litellm.ai/docs/proxy/config_settings */
export interface LiteLlmConfig {
  readonly models: readonly Model[];
  readonly successCallbacks: readonly string[];
  readonly failureCallbacks: readonly string[];
  readonly masterKey: string | null;
  readonly port: number;
  /** The process' env with `environment_variables` of the config laid over it. */
  readonly env: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws Error with LiteLLM's own words when there is no such file or it is no YAML mapping */
export async function readConfig(host: ProgramHost): Promise<LiteLlmConfig> {
  const path = argument(host.args, '--config') ?? host.env['CONFIG_FILE_PATH'] ?? null;
  const document = path === null ? {} : await readDocument(host, path);
  const env = { ...host.env, ...configuredEnv(document, host.env) };
  const settings = fields(document['litellm_settings']);
  const general = fields(document['general_settings']);
  const both = names(settings['callbacks']);
  const masterKey = secret(general['master_key'], env) ?? env['LITELLM_MASTER_KEY'] ?? null;
  return {
    models: models(document['model_list']),
    successCallbacks: [...new Set([...names(settings['success_callback']), ...both])],
    failureCallbacks: [...new Set([...names(settings['failure_callback']), ...both])],
    masterKey: masterKey === '' ? null : masterKey,
    port: Number(argument(host.args, '--port') ?? env['PORT'] ?? 4000),
    env,
  };
}

async function readDocument(host: ProgramHost, path: string): Promise<Fields> {
  const text = await readFile(hostPath(host, path), 'utf8').catch(() => null);
  if (text === null) throw new Error(`Config file not found: ${path}`);
  try {
    return fields(parse(text));
  } catch (cause) {
    throw new Error(`Error while reading config file ${path}: ${firstLine(cause)}`, { cause });
  }
}

/** A ConfigMap's key is a file below its mount. */
function hostPath(host: ProgramHost, path: string): string {
  const mounts = Object.entries(host.mounts).sort(([left], [right]) => right.length - left.length);
  const mount = mounts.find(([at]) => path === at || path.startsWith(`${at}/`));
  return mount === undefined ? join(host.folder, path) : join(mount[1], path.slice(mount[0].length));
}

function configuredEnv(document: Fields, env: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields(document['environment_variables']))) {
    const text = secret(value, env);
    if (text !== null) found[name] = text;
  }
  return found;
}

/** A value, or the variable that `os.environ/NAME` names. */
function secret(value: unknown, env: Readonly<Record<string, string>>): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return null;
  const name = /^os\.environ\/(\w+)$/.exec(value)?.[1];
  return name === undefined ? value : (env[name] ?? null);
}

function models(value: unknown): Model[] {
  return (Array.isArray(value) ? value : []).map(fields).map((model) => {
    const mock = fields(model['litellm_params'])['mock_response'];
    return {
      name: typeof model['model_name'] === 'string' ? model['model_name'] : '',
      mockResponse: typeof mock === 'string' ? mock : null,
    };
  });
}

function names(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((name) => typeof name === 'string');
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function argument(args: readonly string[], name: string): string | undefined {
  const joined = args.find((word) => word.startsWith(`${name}=`));
  const index = args.indexOf(name);
  return joined?.slice(name.length + 1) ?? (index < 0 ? undefined : args[index + 1]);
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unreadable';
}
