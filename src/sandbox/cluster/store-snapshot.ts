import type { KubeResource } from '../../ports/kube.ts';
import type { StoredObject } from './objects.ts';

/** The whole content of a store, as it goes to disk. It holds Secrets. */
export interface StoreSnapshot {
  readonly resourceVersion: number;
  readonly objects: readonly { readonly resource: KubeResource; readonly object: StoredObject }[];
}
