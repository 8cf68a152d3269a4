import type { KubeObject } from '../../../ports/kube-objects.ts';
import { kinds, listed } from '../kinds.ts';
import type { ControllerContext } from './context.ts';

/** Removes pods and ReplicaSets whose controller is gone: left over when a supervisor was killed in between. */
export function collectOrphans({ store }: ControllerContext): void {
  const owners = [kinds.deployments, kinds.replicaSets, kinds.statefulSets, kinds.jobs];
  const living = new Set(owners.flatMap((kind) => store.list(kind).map(({ metadata }) => metadata.uid)));
  for (const kind of [kinds.replicaSets, kinds.pods])
    for (const object of listed<KubeObject>(store, kind)) {
      const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
      const known = ['Deployment', 'ReplicaSet', 'StatefulSet', 'Job'].includes(owner?.kind ?? '');
      if (!known || owner === undefined || living.has(owner.uid)) continue;
      if (object.metadata.deletionTimestamp !== undefined) continue;
      store.remove(kind, object.metadata.namespace ?? null, object.metadata.name);
    }
}
