import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Inventory } from './inventory.ts';

/** True when the namespace is being deleted, with all that is in it. That one may not look says nothing. */
export async function isTerminating(inventory: Inventory, namespace: string): Promise<boolean> {
  const object = await inventory.peek<KubeObject>(resources.namespaces, null, namespace);
  return object !== null && object !== 'forbidden' && object.metadata.deletionTimestamp !== undefined;
}
