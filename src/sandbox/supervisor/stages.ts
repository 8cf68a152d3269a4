import type { KubeObject, Workload } from '../../ports/kube-objects.ts';
import type { KubeResource } from '../../ports/kube.ts';
import { StoreError } from '../cluster/store-error.ts';
import type { ObjectStore } from '../cluster/objects.ts';
import { groupVersion, resources } from '../cluster/resources.ts';
import type { LayoutStage } from '../layouts/layout.ts';

/** Writes a stage's objects; those that are there already stay as they are. */
export function applyStage(store: ObjectStore, stage: LayoutStage): void {
  for (const { resource, object } of stage.objects) createIfMissing(store, resource, object);
}

function createIfMissing(store: ObjectStore, resource: KubeResource, object: KubeObject): void {
  try {
    store.create(resource, withOwners(store, object));
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.reason !== 'AlreadyExists') throw cause;
  }
}

/** A layout names an owner without its uid: that is known only when the owner is stored. */
function withOwners(store: ObjectStore, object: KubeObject): KubeObject {
  const { namespace = null, ownerReferences } = object.metadata;
  if (ownerReferences === undefined) return object;
  const references = ownerReferences.map((reference) => {
    const kind = resources.find(
      (each) => each.kind === reference.kind && groupVersion(each) === reference.apiVersion,
    );
    const owner = kind === undefined ? null : store.get(kind, namespace, reference.name);
    return { ...reference, uid: owner?.metadata.uid ?? reference.uid };
  });
  return { ...object, metadata: { ...object.metadata, ownerReferences: references } };
}

/** Whether all replicas of a workload run as its newest template says and are ready. */
export function isReady(workload: Workload): boolean {
  const wanted = workload.spec.replicas ?? 1;
  const status = workload.status ?? {};
  const seen = (status.observedGeneration ?? 0) >= (workload.metadata.generation ?? 0);
  return seen && (status.readyReplicas ?? 0) >= wanted && (status.updatedReplicas ?? 0) >= wanted;
}

/** Resolves once the condition holds: asked again after each change of the cluster, and each 100 ms. */
export async function whenever(
  store: ObjectStore,
  signal: AbortSignal,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!signal.aborted) {
    if (await condition()) return;
    await nextChange(store, signal);
  }
  signal.throwIfAborted();
}

function nextChange(store: ObjectStore, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = store.watch(() => setImmediate(done));
    const timer = setTimeout(done, 100);
    signal.addEventListener('abort', done);
  });
}
