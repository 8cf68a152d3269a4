import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../ports/kube-objects.ts';
import type { KubeResource } from '../../ports/kube.ts';
import { withDefaults } from './defaults/defaults.ts';
import type { Fields } from './fields.ts';
import { asFields } from './fields.ts';
import type { ObjectStore, RemoveOptions, StoredObject, StoreEvent } from './objects.ts';
import { groupVersion, resourceEntry } from './resources.ts';
import { removal } from './store-removal.ts';
import { StoreError } from './store-error.ts';
import type { StoreSnapshot } from './store-snapshot.ts';
import { timestamp } from './timestamp.ts';
import { createTables } from './store-tables.ts';

export type { StoreSnapshot } from './store-snapshot.ts';

/** An ObjectStore whose whole content can be taken to disk. */
export type SnapshotStore = ObjectStore & { readonly snapshot: () => StoreSnapshot };

/** Fields that only the server sets; an update keeps what is stored. */
const serverOwned = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'];

/** Kinds whose spec the real API does not count. */
const uncounted = new Set([
  'namespaces',
  'nodes',
  'services',
  'persistentvolumes',
  'persistentvolumeclaims',
  'horizontalpodautoscalers',
  'leases',
]);

const hasGeneration = (resource: KubeResource, fields: Fields): boolean =>
  fields['spec'] !== undefined && !uncounted.has(resource.plural);

/** The generation after an update; undefined for a kind that has none. */
export function nextGeneration(
  resource: KubeResource,
  next: Fields,
  current: StoredObject,
): number | undefined {
  const { generation } = current.metadata;
  if (!hasGeneration(resource, next) || isDeepStrictEqual(next['spec'], current['spec'])) return generation;
  return (generation ?? 0) + 1;
}

function keepServerFields(next: Fields, current: StoredObject): Fields {
  const metadata: Fields = { ...asFields(next['metadata']) };
  const kept = asFields(current.metadata);
  for (const field of serverOwned) {
    if (kept[field] === undefined) delete metadata[field];
    else metadata[field] = kept[field];
  }
  return { ...next, metadata: { ...metadata, generation: kept['generation'] } };
}

const sameBut = (left: unknown, right: unknown, ignored: string): boolean => {
  const strip = (object: unknown): Fields => {
    const { metadata, ...rest } = asFields(object);
    const { [ignored]: _, ...meta } = asFields(metadata);
    return JSON.parse(JSON.stringify({ ...rest, metadata: meta })) as Fields;
  };
  return isDeepStrictEqual(strip(left), strip(right));
};

/** A copy with its kind's defaults filled in. */
function prepared(resource: KubeResource, object: KubeObject): Fields {
  const entry = resourceEntry(resource);
  const copy = structuredClone(object) as unknown as Fields;
  if (entry === undefined) return copy;
  return withDefaults(entry, { ...copy, apiVersion: groupVersion(entry), kind: entry.kind });
}

/**
 * The emulated etcd. Objects are never changed in place: each write stores a new one, so readers may keep what
 * they got. Defaults are filled in here, so that every writer's objects look as the real API's.
 */
export function createStore(snapshot: StoreSnapshot | undefined, now: () => Date): SnapshotStore {
  const tables = createTables(snapshot);

  const create = (resource: KubeResource, object: KubeObject): StoredObject => {
    const fields = prepared(resource, object);
    const { namespace, name } = object.metadata;
    if (tables.get(resource, namespace ?? null, name) !== null)
      throw new StoreError('AlreadyExists', resource, name);
    fields['metadata'] = {
      ...asFields(fields['metadata']),
      uid: randomUUID(),
      creationTimestamp: timestamp(now()),
      ...(hasGeneration(resource, fields) ? { generation: 1 } : {}),
    };
    return tables.write('ADDED', resource, fields);
  };

  const current = (resource: KubeResource, object: KubeObject): StoredObject => {
    const { namespace, name, resourceVersion } = object.metadata;
    const found = tables.get(resource, namespace ?? null, name);
    if (found === null) throw new StoreError('NotFound', resource, name);
    const stale = resourceVersion !== undefined && resourceVersion !== '';
    if (stale && resourceVersion !== found.metadata.resourceVersion)
      throw new StoreError('Conflict', resource, name);
    return found;
  };

  const update = (resource: KubeResource, object: KubeObject): StoredObject => {
    const found = current(resource, object);
    const next = keepServerFields(prepared(resource, object), found);
    if (resourceEntry(resource)?.subresources.includes('status') === true) {
      if (found['status'] === undefined) delete next['status'];
      else next['status'] = found['status'];
    }
    if (sameBut(next, found, 'resourceVersion')) return found;
    const generation = nextGeneration(resource, next, found);
    if (generation !== undefined) asFields(next['metadata'])['generation'] = generation;
    const written = tables.write('MODIFIED', resource, next);
    removals.finish(resource, written);
    return written;
  };

  const setStatus = (
    resource: KubeResource,
    namespace: string | null,
    name: string,
    status: unknown,
  ): StoredObject | null => {
    const found = tables.get(resource, namespace, name);
    if (found === null || isDeepStrictEqual(found['status'], status)) return found;
    const next: Fields = { ...found, metadata: { ...found.metadata }, status: structuredClone(status) };
    return tables.write('MODIFIED', resource, next);
  };

  const removals = removal(tables, () => timestamp(now()));

  return {
    get: tables.get,
    list: tables.list,
    create,
    update,
    setStatus,
    remove: (resource: KubeResource, namespace: string | null, name: string, options?: RemoveOptions) =>
      removals.remove(resource, namespace, name, options ?? {}),
    watch: (listener: (event: StoreEvent) => void) => tables.watch(listener),
    since: tables.since,
    resourceVersion: tables.resourceVersion,
    snapshot: tables.snapshot,
  };
}
