import type { KubeObject } from '../../../ports/kube-objects.ts';
import type { KubeResource } from '../../../ports/kube.ts';
import { canonical } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import type { Record as RecordEvent } from '../recorder.ts';

/** What each controller works with. */
export interface ControllerContext {
  readonly store: ObjectStore;
  readonly now: () => Date;
  readonly timeScale: number;
  readonly record: RecordEvent;
  /** Asks for another pass after so many milliseconds. */
  readonly wakeAfter: (waitMs: number) => void;
}

/** Writes an object over its stored version; nothing happens when both are equal. */
export function replace(store: ObjectStore, resource: KubeResource, object: KubeObject): void {
  const { namespace, name } = object.metadata;
  const stored = store.get(resource, namespace ?? null, name);
  if (stored !== null && canonical(comparable(stored)) === canonical(comparable(object))) return;
  const { resourceVersion: _, ...metadata } = object.metadata;
  store.update(resource, { ...object, metadata });
}

function comparable(object: KubeObject): unknown {
  const { resourceVersion: _version, generation: _generation, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Sets spec.replicas. */
export function scaleTo(
  store: ObjectStore,
  resource: KubeResource,
  object: KubeObject & { readonly spec: object },
  replicas: number,
): void {
  replace(store, resource, { ...object, spec: { ...object.spec, replicas } } as KubeObject);
}
