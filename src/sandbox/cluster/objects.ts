import type { KubeObject } from '../../ports/kube-objects.ts';
import type { KubeResource } from '../../ports/kube.ts';

/** A change as watchers see it. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: KubeResource;
  readonly object: StoredObject;
  /** What the object was before; absent when it is new. */
  readonly previous?: StoredObject;
}

/** How an object is removed. */
export interface RemoveOptions {
  /** At once, without grace or finalizers. */
  readonly force?: boolean;
  /** Overrides the pod's own grace period. */
  readonly gracePeriodSeconds?: number;
  /** Leaves what the object owns. */
  readonly orphan?: boolean;
}

/** An object as the store keeps it: the fields of any kind, with its resourceVersion set. */
export type StoredObject = KubeObject & Readonly<Record<string, unknown>>;

/**
 * The emulated etcd: what the API server writes, and what controllers and the kubelet read and react to.
 * Synchronous and in memory; a snapshot goes to disk after changes, so that a killed supervisor loses nothing.
 */
export interface ObjectStore {
  readonly get: (resource: KubeResource, namespace: string | null, name: string) => StoredObject | null;
  readonly list: (resource: KubeResource, namespace?: string | null) => readonly StoredObject[];
  /** Sets uid, creationTimestamp, resourceVersion, generation. @throws when the name exists */
  readonly create: (resource: KubeResource, object: KubeObject) => StoredObject;
  /** Replaces spec and the rest, raises generation when spec changed. @throws on a stale resourceVersion, if one is given */
  readonly update: (resource: KubeResource, object: KubeObject) => StoredObject;
  /** Replaces `status` alone. No event when nothing changed. */
  readonly setStatus: (
    resource: KubeResource,
    namespace: string | null,
    name: string,
    status: unknown,
  ) => StoredObject | null;
  /** Removes it and, by ownerReferences, what it owns. Pods with a grace period get deletionTimestamp first. */
  readonly remove: (
    resource: KubeResource,
    namespace: string | null,
    name: string,
    options?: RemoveOptions,
  ) => void;
  /** Calls back on each change after this call; returns the way to stop. */
  readonly watch: (listener: (event: StoreEvent) => void) => () => void;
  /** Changes after a resourceVersion, or null when they are no longer kept (410 Gone). */
  readonly since: (resourceVersion: number) => readonly StoreEvent[] | null;
  readonly resourceVersion: () => number;
}
