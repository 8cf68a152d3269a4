/**
 * Lists whose items have an identity, by the field that holds the list. The rest is replaced as a whole.
 * From `patchMergeKey` and `listMapKeys` of the API's types:
 * https://github.com/kubernetes/api/blob/release-1.32/core/v1/types.go
 */
const patchKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  secrets: 'name',
  conditions: 'type',
  ownerReferences: 'uid',
  hostAliases: 'ip',
  taints: 'key',
  topologySpreadConstraints: 'topologyKey',
};

/** Lists of plain values that are merged as sets. */
const sets = new Set(['finalizers']);

const portKey = (items: readonly unknown[]): string =>
  items.some((item) => typeof item === 'object' && item !== null && 'containerPort' in item)
    ? 'containerPort'
    : 'port';

/** The field that identifies an item for strategic merge; null for a list that is replaced as a whole. */
export function mergeKey(field: string, items: readonly unknown[]): string | null {
  if (field === 'ports') return portKey(items);
  return patchKeys[field] ?? null;
}

/** Is this list of plain values merged as a set? */
export function isSet(field: string): boolean {
  return sets.has(field);
}

/** The fields that identify an item for server-side apply; null for an atomic list. */
export function applyKeys(field: string, items: readonly unknown[]): readonly string[] | null {
  if (field === 'ports') return [portKey(items), 'protocol'];
  if (field === 'topologySpreadConstraints') return ['topologyKey', 'whenUnsatisfiable'];
  const key = mergeKey(field, items);
  return key === null ? null : [key];
}

/** Maps that server-side apply owns as a whole. */
export function isAtomicMap(field: string): boolean {
  return [
    'selector',
    'nodeSelector',
    'secretRef',
    'configMapRef',
    'fieldRef',
    'secretKeyRef',
    'configMapKeyRef',
  ].includes(field);
}
