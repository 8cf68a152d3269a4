import type { ConfigMap, Container, EnvVar, KubeSecret } from '../ports/kube-objects.ts';
import type { EnvSource, EnvVariable, ResolvedEnv } from './model.ts';
import { Secret } from './secret.ts';

/** What a look at a Secret or ConfigMap gave: its text values, or why there are none. */
export type Lookup =
  | { readonly found: true; readonly values: ReadonlyMap<string, string> }
  | { readonly found: false; readonly why: 'no-object' | 'forbidden' };

/** Reads Secrets and ConfigMaps of one namespace, each at most once. */
export interface EnvLookups {
  readonly secret: (name: string) => Promise<Lookup>;
  readonly configMap: (name: string) => Promise<Lookup>;
}

type Draft = { value: string | null; source: EnvSource };
type Unreadable = { object: string; why: 'no-object' | 'forbidden' };

/**
 * Effective variables of a container, in Kubernetes' order: envFrom first (later sources win), then env;
 * `$(VAR)` refers to variables defined before.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export async function resolveEnv(
  container: Container,
  lookups: EnvLookups,
  fields: Readonly<Record<string, string>> = {},
): Promise<ResolvedEnv> {
  const drafts = new Map<string, Draft>();
  const unreadable: Unreadable[] = [];
  await readEnvFrom(container, lookups, drafts, unreadable);
  for (const variable of container.env ?? []) {
    const draft = await readVariable(variable, lookups, fields);
    if (draft === null) continue;
    drafts.set(variable.name, expandDraft(draft, drafts, unreadable));
  }
  const variables = [...drafts].map(([name, draft]): [string, EnvVariable] => [
    name,
    { name, value: draft.value === null ? null : new Secret(draft.value), source: draft.source },
  ]);
  return { variables: new Map(variables), unreadable };
}

async function readEnvFrom(
  container: Container,
  lookups: EnvLookups,
  drafts: Map<string, Draft>,
  unreadable: Unreadable[],
): Promise<void> {
  for (const source of container.envFrom ?? []) {
    const reference = source.secretRef ?? source.configMapRef;
    if (reference === undefined) continue;
    const from = source.secretRef === undefined ? 'configmap' : 'secret';
    const lookup = await (from === 'secret' ? lookups.secret : lookups.configMap)(reference.name);
    if (!lookup.found) {
      if (lookup.why === 'forbidden' || reference.optional !== true)
        unreadable.push({ object: `${from}/${reference.name}`, why: lookup.why });
      continue;
    }
    for (const [key, value] of lookup.values)
      drafts.set(`${source.prefix ?? ''}${key}`, { value, source: { from, object: reference.name, key } });
  }
}

async function readVariable(
  variable: EnvVar,
  lookups: EnvLookups,
  fields: Readonly<Record<string, string>>,
): Promise<Draft | null> {
  const from = variable.valueFrom;
  if (from?.secretKeyRef !== undefined)
    return await readKey('secret', from.secretKeyRef, await lookups.secret(from.secretKeyRef.name));
  if (from?.configMapKeyRef !== undefined)
    return await readKey(
      'configmap',
      from.configMapKeyRef,
      await lookups.configMap(from.configMapKeyRef.name),
    );
  if (from?.fieldRef !== undefined)
    return {
      value: fields[from.fieldRef.fieldPath] ?? null,
      source: { from: 'field', path: from.fieldRef.fieldPath },
    };
  if (from?.resourceFieldRef !== undefined)
    return { value: null, source: { from: 'field', path: from.resourceFieldRef.resource } };
  return { value: variable.value ?? '', source: { from: 'literal' } };
}

async function readKey(
  from: 'secret' | 'configmap',
  reference: { readonly name: string; readonly key: string; readonly optional?: boolean },
  lookup: Lookup,
): Promise<Draft | null> {
  const { name: object, key } = reference;
  const value = lookup.found ? lookup.values.get(key) : undefined;
  if (value !== undefined) return { value, source: { from, object, key } };
  const why = lookup.found ? 'no-key' : lookup.why;
  if (reference.optional === true && why !== 'forbidden') return null;
  return { value: null, source: { from: 'missing', object: `${from}/${object}`, key, why } };
}

const reference = /\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g;

/**
 * Kubernetes leaves references to unknown variables as they stand, and `$$(VAR)` means a literal `$(VAR)`.
 * A value that refers to one that cannot be read is itself not known.
 */
function expandDraft(
  draft: Draft,
  earlier: ReadonlyMap<string, Draft>,
  unreadable: readonly Unreadable[],
): Draft {
  if (draft.value === null || draft.source.from !== 'literal') return draft;
  const names = [...draft.value.matchAll(reference)].flatMap(([, name]) =>
    name === undefined ? [] : [name],
  );
  const hidden = hiddenSource(names, earlier, unreadable);
  if (hidden !== null) return { value: null, source: hidden };
  const value = draft.value.replace(reference, (whole, name?: string) =>
    name === undefined ? '$' : (earlier.get(name)?.value ?? whole),
  );
  const uses = names.flatMap((name) => usedObject(earlier.get(name)?.source));
  return { value, source: uses.length === 0 ? { from: 'literal' } : { from: 'literal', uses } };
}

/** The source of the first referenced variable whose value is not known; null when all are. */
function hiddenSource(
  names: readonly string[],
  earlier: ReadonlyMap<string, Draft>,
  unreadable: readonly Unreadable[],
): EnvSource | null {
  for (const name of names) {
    const draft = earlier.get(name);
    if (draft?.value === null) return draft.source;
    const whole = unreadable.find((one) => one.why === 'forbidden');
    if (draft === undefined && whole !== undefined)
      return { from: 'missing', object: whole.object, key: name, why: 'forbidden' };
  }
  return null;
}

function usedObject(source: EnvSource | undefined): readonly string[] {
  if (source?.from === 'literal') return source.uses ?? [];
  return source?.from === 'secret' || source?.from === 'configmap'
    ? [`${source.from}/${source.object} key ${source.key}`]
    : [];
}

/** Text values of a Secret. Bytes that are not UTF-8 become replacement characters, as they do in a shell. */
export function secretValues(secret: KubeSecret): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
}

export function configMapValues(configMap: ConfigMap): ReadonlyMap<string, string> {
  return new Map(Object.entries(configMap.data ?? {}));
}

/** Text of a variable; null when absent, unknown or empty (Langfuse treats empty as unset). */
export function envText(env: ResolvedEnv, name: string): string | null {
  const text = env.variables.get(name)?.value?.reveal() ?? '';
  return text === '' ? null : text;
}

/** Null when the variable is certainly absent; else why its value is not known. */
export function envUnknown(env: ResolvedEnv, name: string): string | null {
  const variable = env.variables.get(name);
  if (variable?.source.from === 'missing') return `${variable.source.object} ${variable.source.why}`;
  if (variable !== undefined) return null;
  const hidden = env.unreadable.find((one) => one.why === 'forbidden') ?? env.unreadable[0];
  return hidden === undefined ? null : `${hidden.object} ${hidden.why}`;
}

/** Why one of these values is not known for want of a right: absence is proven only where one may look. */
export function forbiddenAmong(env: ResolvedEnv, names: readonly string[]): string | null {
  const whys = names.map((name) => envUnknown(env, name));
  return whys.find((why) => why?.endsWith('forbidden') === true) ?? null;
}
