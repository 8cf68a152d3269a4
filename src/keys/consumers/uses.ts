import type { Container, PodSpec } from '../../ports/kube-objects.ts';
import type { Holder } from './holders.ts';

/** How a pod gets at a key. */
export interface Use {
  /** The Secret or ConfigMap, in the pod's namespace. */
  readonly holder: Holder;
  /** Environment variables that carry its keys, with the prefix of their envFrom. */
  readonly variables: readonly Variable[];
  /** Folders or files where it is mounted. */
  readonly mounts: readonly string[];
}

/** A variable, and the object's key that it comes from. */
interface Variable {
  readonly name: string;
  readonly key: string;
}

/** What a pod takes of these objects of its namespace; only keys that hold something of a pair count. */
export function usesOf(spec: PodSpec, holders: readonly Holder[]): readonly Use[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return holders
    .map((holder) => ({
      holder,
      variables: containers.flatMap((container) => variablesOf(container, holder)),
      mounts: mountsOf(spec, containers, holder),
    }))
    .filter(({ variables, mounts }) => variables.length + mounts.length > 0);
}

function variablesOf({ env = [], envFrom = [] }: Container, { kind, name, entries }: Holder): Variable[] {
  const keys = new Set(entries.map(({ key }) => key));
  const whole = envFrom
    .filter((source) => (kind === 'Secret' ? source.secretRef : source.configMapRef)?.name === name)
    .flatMap(({ prefix = '' }) => [...keys].map((key) => ({ name: `${prefix}${key}`, key })));
  const single = env.flatMap((variable) => {
    const { secretKeyRef, configMapKeyRef } = variable.valueFrom ?? {};
    const reference = kind === 'Secret' ? secretKeyRef : configMapKeyRef;
    if (reference === undefined || reference.name !== name || !keys.has(reference.key)) return [];
    return [{ name: variable.name, key: reference.key }];
  });
  return [...whole, ...single];
}

function mountsOf(spec: PodSpec, containers: readonly Container[], { kind, name }: Holder): string[] {
  const volumes = (spec.volumes ?? []).filter(({ secret, configMap, projected }) => {
    const own = kind === 'Secret' ? secret?.secretName : configMap?.name;
    const parts = (projected?.sources ?? []).map((one) =>
      kind === 'Secret' ? one.secret?.name : one.configMap?.name,
    );
    return own === name || parts.includes(name);
  });
  const names = new Set(volumes.map((volume) => volume.name));
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  return [...new Set(mounts.filter((mount) => names.has(mount.name)).map(({ mountPath }) => mountPath))];
}
