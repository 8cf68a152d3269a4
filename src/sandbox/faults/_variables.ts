/** Where a variable of a container comes from, and how an operator would change it there. */
import type { ConfigMap, KubeSecret, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';

export type Container = Workload['spec']['template']['spec']['containers'][number];

/** A key of an object. */
export interface KeyPlace {
  readonly kind: 'secret' | 'configmap';
  readonly name: string;
  readonly key: string;
}

/** One variable's place: a literal of the container, or a key. */
export type VariablePlace = { readonly kind: 'literal'; readonly name: string } | KeyPlace;

/**
 * Where the container has a variable from: its own entry first, then the last envFrom that holds the key.
 * One that it does not have yet belongs into its last envFrom, else among its own entries.
 */
export async function placeOfVariable(
  context: FaultContext,
  namespace: string,
  container: Container,
  variable: string,
): Promise<VariablePlace> {
  const own = container.env?.find(({ name }) => name === variable);
  if (own !== undefined) return ownPlace(own);
  const sources = envFromSources(container, variable);
  for (const source of sources) if ((await readKey(context, namespace, source)) !== null) return source;
  return sources[0] ?? { kind: 'literal', name: variable };
}

function ownPlace({ name, valueFrom }: NonNullable<Container['env']>[number]): VariablePlace {
  const secret = valueFrom?.secretKeyRef;
  if (secret !== undefined) return { kind: 'secret', name: secret.name, key: secret.key };
  const map = valueFrom?.configMapKeyRef;
  if (map !== undefined) return { kind: 'configmap', name: map.name, key: map.key };
  return { kind: 'literal', name };
}

/** The envFrom entries that could hold it, the strongest first. */
function envFromSources(container: Container, variable: string): KeyPlace[] {
  const sources = (container.envFrom ?? []).flatMap(
    ({ prefix = '', secretRef, configMapRef }): KeyPlace[] => {
      if (!variable.startsWith(prefix)) return [];
      const key = variable.slice(prefix.length);
      if (secretRef !== undefined) return [{ kind: 'secret', name: secretRef.name, key }];
      return configMapRef === undefined ? [] : [{ kind: 'configmap', name: configMapRef.name, key }];
    },
  );
  return sources.toReversed();
}

/** Plain value of a key; null when the object or the key is not there. */
export async function readKey(
  { kube }: FaultContext,
  namespace: string,
  { kind, name, key }: KeyPlace,
): Promise<string | null> {
  if (kind === 'configmap')
    return (await kube.get<ConfigMap>(resources.configMaps, namespace, name))?.data?.[key] ?? null;
  const found = await kube.get<KubeSecret>(resources.secrets, namespace, name);
  const encoded = found?.data?.[key];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Sets or removes (null) a key. */
export async function writeKey(
  { kube }: FaultContext,
  namespace: string,
  { kind, name, key }: KeyPlace,
  value: string | null,
): Promise<void> {
  if (kind === 'secret') await kube.setSecret(namespace, name, { [key]: value });
  else await kube.patch(resources.configMaps, namespace, name, { data: { [key]: value } });
}

/** The container with literal variables set, each where it was: `$(OTHER)` needs OTHER before it. Null removes one. */
export function withLiterals(
  container: Container,
  values: Readonly<Record<string, string | null>>,
): Container {
  const env = container.env ?? [];
  const literal = (name: string): { name: string; value: string }[] => {
    const value = values[name] ?? null;
    return value === null ? [] : [{ name, value }];
  };
  const kept = env.flatMap((entry) => (entry.name in values ? literal(entry.name) : [entry]));
  const added = Object.keys(values).filter((name) => !env.some((entry) => entry.name === name));
  return { ...container, env: [...kept, ...added.flatMap(literal)] };
}
