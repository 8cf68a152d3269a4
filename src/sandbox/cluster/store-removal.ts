import type { KubeResource } from '../../ports/kube.ts';
import { resources } from '../../ports/kube-resources.ts';
import { asFields, valueAt } from './fields.ts';
import type { RemoveOptions, StoredObject } from './objects.ts';
import { resourceKey } from './resources.ts';
import type { Tables } from './store-tables.ts';

const { namespaces, pods } = resources;

/** How objects leave the store. */
export interface Removal {
  readonly remove: (
    resource: KubeResource,
    namespace: string | null,
    name: string,
    options: RemoveOptions,
  ) => void;
  /** Ends a removal that waited for finalizers, once an update has emptied them. */
  readonly finish: (resource: KubeResource, object: StoredObject) => void;
}

const isPod = (resource: KubeResource): boolean => resourceKey(resource) === resourceKey(pods);
const isNamespace = (resource: KubeResource): boolean => resourceKey(resource) === resourceKey(namespaces);

/** Seconds a pod may take to end; 0 when nothing runs that could end. */
function graceSeconds(object: StoredObject, options: RemoveOptions): number {
  const phase = valueAt(object, 'status', 'phase');
  const unscheduled = valueAt(object, 'spec', 'nodeName') === undefined;
  if (options.force === true || unscheduled || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = valueAt(object, 'spec', 'terminationGracePeriodSeconds');
  return options.gracePeriodSeconds ?? (typeof own === 'number' ? own : 30);
}

const finalizers = (object: StoredObject): readonly unknown[] => {
  const list = valueAt(object, 'metadata', 'finalizers');
  return Array.isArray(list) ? list : [];
};

/** How objects leave the store: grace, finalizers, dependents, and the content of a namespace. */
export function removal(tables: Tables, timestamp: () => string): Removal {
  const mark = (resource: KubeResource, object: StoredObject, grace: number): void => {
    if (object.metadata.deletionTimestamp !== undefined) return;
    const metadata = {
      ...object.metadata,
      deletionTimestamp: timestamp(),
      deletionGracePeriodSeconds: grace,
    };
    const status = isNamespace(resource)
      ? { status: { ...asFields(object['status']), phase: 'Terminating' } }
      : {};
    tables.write('MODIFIED', resource, { ...object, ...status, metadata });
  };

  const erase = (resource: KubeResource, object: StoredObject, orphan: boolean): void => {
    tables.erase(resource, object);
    if (!orphan) removeOwned(object.metadata.uid ?? '');
    const { namespace } = object.metadata;
    if (namespace !== undefined) endNamespace(namespace);
  };

  const removeOwned = (uid: string): void => {
    for (const { resource, object } of tables.everything()) {
      const owners = object.metadata.ownerReferences ?? [];
      if (!owners.some((owner) => owner.uid === uid)) continue;
      remove(resource, object.metadata.namespace ?? null, object.metadata.name, {});
    }
  };

  const endNamespace = (name: string): void => {
    const object = tables.get(namespaces, null, name);
    if (object?.metadata.deletionTimestamp === undefined) return;
    if (!tables.everything().some((each) => each.object.metadata.namespace === name))
      tables.erase(namespaces, object);
  };

  const emptyNamespace = (name: string): void => {
    for (const { resource, object } of tables.everything())
      if (object.metadata.namespace === name) remove(resource, name, object.metadata.name, {});
    endNamespace(name);
  };

  const remove: Removal['remove'] = (resource, namespace, name, options) => {
    const object = tables.get(resource, namespace, name);
    if (object === null) return;
    if (isNamespace(resource)) {
      mark(resource, object, 0);
      emptyNamespace(name);
      return;
    }
    const grace = isPod(resource) ? graceSeconds(object, options) : 0;
    const waits = grace > 0 || (finalizers(object).length > 0 && options.force !== true);
    if (waits) mark(resource, object, grace);
    else erase(resource, object, options.orphan === true);
  };

  return {
    remove,
    finish: (resource, object) => {
      const done = object.metadata.deletionTimestamp !== undefined && finalizers(object).length === 0;
      if (done && !isPod(resource) && !isNamespace(resource)) erase(resource, object, false);
    },
  };
}
