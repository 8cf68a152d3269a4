import type { KubeResource } from '../../ports/kube.ts';
import type { Fields } from './fields.ts';
import { asFields } from './fields.ts';
import type { StoredObject, StoreEvent } from './objects.ts';
import { groupVersion, resourceEntry, resourceKey } from './resources.ts';
import type { StoreSnapshot } from './store-snapshot.ts';

/** Changes kept for watchers that come back; older ones get 410. At ~4 kB an event this is at most some MB. */
const keptEvents = 1000;

/**
 * Versions skipped when a store goes on from a snapshot: what was written after it is lost, and a watcher that saw
 * those versions must get 410, not silence.
 */
const restartGap = 1000;

/** The rows behind the store: objects by resource and name, the version counter and the recent changes. */
export interface Tables {
  readonly get: (resource: KubeResource, namespace: string | null, name: string) => StoredObject | null;
  readonly list: (resource: KubeResource, namespace?: string | null) => readonly StoredObject[];
  readonly everything: () => readonly { readonly resource: KubeResource; readonly object: StoredObject }[];
  readonly write: (type: 'ADDED' | 'MODIFIED', resource: KubeResource, fields: Fields) => StoredObject;
  readonly erase: (resource: KubeResource, object: StoredObject) => void;
  readonly watch: (listener: (event: StoreEvent) => void) => () => void;
  readonly since: (resourceVersion: number) => readonly StoreEvent[] | null;
  readonly resourceVersion: () => number;
  readonly snapshot: () => StoreSnapshot;
}

interface Table {
  readonly resource: KubeResource;
  readonly rows: Map<string, StoredObject>;
}

const rowKey = (namespace: string | null | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** @param snapshot content of an earlier run; its past changes are gone, so older watches get 410 */
export function createTables(snapshot: StoreSnapshot | undefined): Tables {
  const tables = new Map<string, Table>();
  const table = (resource: KubeResource): Table => {
    const key = resourceKey(resource);
    const found = tables.get(key);
    if (found !== undefined) return found;
    const { group, version, plural } = resourceEntry(resource) ?? resource;
    const made = { resource: { group, version, plural }, rows: new Map<string, StoredObject>() };
    tables.set(key, made);
    return made;
  };
  for (const { resource, object } of snapshot?.objects ?? [])
    table(resource).rows.set(rowKey(object.metadata.namespace, object.metadata.name), object);

  let version = snapshot === undefined ? 0 : snapshot.resourceVersion + restartGap;
  const log = eventLog(version);

  const changed = (type: StoreEvent['type'], resource: KubeResource, fields: Fields): StoredObject => {
    const { resource: known, rows } = table(resource);
    const entry = resourceEntry(resource);
    version += 1;
    const metadata = { ...asFields(fields['metadata']), resourceVersion: String(version) };
    const identity = entry === undefined ? {} : { apiVersion: groupVersion(entry), kind: entry.kind };
    const object = { ...fields, ...identity, metadata } as unknown as StoredObject;
    const key = rowKey(object.metadata.namespace, object.metadata.name);
    const previous = rows.get(key);
    if (type === 'DELETED') rows.delete(key);
    else rows.set(key, object);
    log.add({ type, resource: known, object, ...(previous === undefined ? {} : { previous }) });
    return object;
  };

  const everything: Tables['everything'] = () =>
    [...tables.values()].flatMap(({ resource, rows }) =>
      [...rows.values()].map((object) => ({ resource, object })),
    );

  return {
    get: (resource, namespace, name) => table(resource).rows.get(rowKey(namespace, name)) ?? null,
    list: (resource, namespace) => {
      const all = [...table(resource).rows.values()];
      return namespace === undefined || namespace === null
        ? all
        : all.filter((object) => object.metadata.namespace === namespace);
    },
    everything,
    write: (type, resource, fields) => changed(type, resource, fields),
    erase: (resource, object) => void changed('DELETED', resource, { ...object }),
    watch: log.watch,
    since: (resourceVersion) => (resourceVersion > version ? null : log.since(resourceVersion)),
    resourceVersion: () => version,
    snapshot: () => ({ resourceVersion: version, objects: everything() }),
  };
}

/**
 * Recent changes and who hears of them. A listener may write: its change is delivered after the one at hand has
 * reached every listener, so that all see the same order.
 */
function eventLog(startVersion: number) {
  const events: StoreEvent[] = [];
  const pending: StoreEvent[] = [];
  const listeners = new Set<(event: StoreEvent) => void>();
  let oldest = startVersion;
  let delivering = false;

  const deliver = (): void => {
    if (delivering) return;
    delivering = true;
    for (let event = pending.shift(); event !== undefined; event = pending.shift())
      for (const listener of listeners) callListener(listener, event);
    delivering = false;
  };

  return {
    add: (event: StoreEvent): void => {
      events.push(event);
      if (events.length > keptEvents)
        oldest = Number(events.shift()?.object.metadata.resourceVersion ?? oldest);
      pending.push(event);
      deliver();
    },
    watch: (listener: (event: StoreEvent) => void): (() => void) => {
      const own = (event: StoreEvent): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    since: (resourceVersion: number): readonly StoreEvent[] | null =>
      resourceVersion < oldest
        ? null
        : events.filter((event) => Number(event.object.metadata.resourceVersion) > resourceVersion),
  };
}

/** A listener's failure is its own: the writer and the other listeners go on, the process hears of it. */
function callListener(listener: (event: StoreEvent) => void, event: StoreEvent): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
