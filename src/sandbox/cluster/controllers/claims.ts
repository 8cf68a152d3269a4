import type { FreeFormObject, KubeObject } from '../../../ports/kube-objects.ts';
import { found, kinds, listed } from '../kinds.ts';
import type { ControllerContext } from './context.ts';

interface Claim extends FreeFormObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

/** Binds each claim to a volume of its own: the node has one folder per claim. */
export function syncClaims(context: ControllerContext): void {
  for (const claim of listed<Claim>(context.store, kinds.claims))
    if (claim.status?.['phase'] !== 'Bound') bind(context, claim);
}

function bind({ store }: ControllerContext, claim: Claim): void {
  const { namespace = 'default', name, uid = '' } = claim.metadata;
  const volumeName = claim.spec.volumeName ?? `pvc-${uid}`;
  const capacity = { storage: claim.spec.resources?.requests?.storage ?? '1Gi' };
  const accessModes = claim.spec.accessModes ?? ['ReadWriteOnce'];
  const storageClassName = claim.spec.storageClassName ?? 'standard';
  if (found(store, kinds.volumes, null, volumeName) === null) {
    const volume: KubeObject & { spec: unknown; status: unknown } = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName },
      spec: {
        capacity,
        accessModes,
        storageClassName,
        persistentVolumeReclaimPolicy: 'Delete',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      },
      status: { phase: 'Bound' },
    };
    store.create(kinds.volumes, volume);
  }
  const { resourceVersion: _, ...metadata } = claim.metadata;
  const bound = { ...claim, metadata, spec: { ...claim.spec, volumeName, storageClassName } };
  store.update(kinds.claims, bound);
  store.setStatus(kinds.claims, namespace, name, { phase: 'Bound', accessModes, capacity });
}
