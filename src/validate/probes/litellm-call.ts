import type { LiteLlm } from '../../deployment/model.ts';
import { envText } from '../../deployment/resolve-env.ts';
import { Secret } from '../../deployment/secret.ts';

/** How LiteLLM is called without cost. */
export interface LiteLlmCall {
  /** One that its settings answer for, so that no provider is asked. */
  readonly model: string;
  /** Null where the proxy asks for none. */
  readonly masterKey: Secret | null;
}

/**
 * A model with `mock_response` (https://docs.litellm.ai/docs/completion/mock_requests) and the master key, of
 * LiteLLM's own config.yaml and variables.
 *
 * @param parse of YAML
 * @returns what is missing, in words
 */
export function callOf(
  { config, env }: Pick<LiteLlm, 'config' | 'env'>,
  parse: (text: string) => unknown,
): LiteLlmCall | { readonly missing: string } {
  if (config === null) return { missing: 'its config.yaml is not known' };
  const document = record(parsed(config.text, parse));
  const model = mockModel(document['model_list']);
  if (model === null)
    return { missing: `no model of ${config.object} has a mock_response: a call would cost money` };
  const given = record(document['general_settings'])['master_key'];
  const key = typeof given === 'string' ? value(given, env) : envText(env, 'LITELLM_MASTER_KEY');
  if (key === null && typeof given === 'string') return { missing: 'its master key is not known' };
  return { model, masterKey: key === null ? null : new Secret(key) };
}

/** The first that answers by itself. */
function mockModel(list: unknown): string | null {
  const models: readonly unknown[] = Array.isArray(list) ? list : [];
  const names = models
    .map(record)
    .filter((model) => typeof record(model['litellm_params'])['mock_response'] === 'string')
    .map((model) => model['model_name']);
  return names.find((name) => typeof name === 'string') ?? null;
}

/** A value as it stands, or that of the variable it names. */
function value(text: string, env: LiteLlm['env']): string | null {
  const name = /^os\.environ\/(\w+)$/.exec(text)?.[1];
  return name === undefined ? text : envText(env, name);
}

/** Settings that are no YAML have no models. */
function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function record(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : {};
}
