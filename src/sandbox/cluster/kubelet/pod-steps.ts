import type { Pod } from '../../../ports/kube-objects.ts';
import { kinds } from '../kinds.ts';
import type { KubeletContext } from './context.ts';
import { pendingStatus } from './pod-status.ts';
import { pause } from './probes.ts';
import { place } from './scheduling.ts';
import { MountError, mountVolumes } from './volumes.ts';

const retryMs = 300;
const scheduler = 'default-scheduler';

/** Binds the pod to the node as soon as it fits; false when the pod ends before. */
export async function schedule(
  context: KubeletContext,
  pod: Pod,
  current: () => Pod | null,
  halted: AbortSignal,
): Promise<boolean> {
  const { store, now, record } = context;
  while (!halted.aborted) {
    const stored = current();
    if (stored === null) return false;
    if (stored.spec.nodeName !== undefined) return true;
    const placement = place(store, stored);
    if ('node' in placement) {
      const { resourceVersion: _, ...metadata } = stored.metadata;
      const bound: Pod = { ...stored, metadata, spec: { ...stored.spec, nodeName: placement.node } };
      store.update(kinds.pods, bound);
      const target = `${stored.metadata.namespace ?? 'default'}/${stored.metadata.name}`;
      const message = `Successfully assigned ${target} to ${placement.node}`;
      record(pod, { kind: 'Pod', reason: 'Scheduled', message, component: scheduler });
      return true;
    }
    const { namespace = 'default', name } = stored.metadata;
    const status = pendingStatus(stored, now(), placement.refused);
    const changed = store.get(kinds.pods, namespace, name)?.metadata.resourceVersion;
    const next = store.setStatus(kinds.pods, namespace, name, status)?.metadata.resourceVersion;
    if (changed !== next)
      record(pod, {
        kind: 'Pod',
        type: 'Warning',
        reason: 'FailedScheduling',
        message: placement.refused,
        component: scheduler,
      });
    await pause(retryMs, halted);
  }
  return false;
}

/** Fills the pod's volumes; what is missing is told as an event until it is there. Null when the pod ends before. */
export async function mount(
  context: KubeletContext,
  pod: Pod,
  folder: string,
  halted: AbortSignal,
): Promise<ReadonlyMap<string, string> | null> {
  while (!halted.aborted)
    try {
      return await mountVolumes(context.store, pod, folder, context.stateFolder);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.record(pod, { kind: 'Pod', type: 'Warning', reason: 'FailedMount', message });
      await pause(error instanceof MountError ? retryMs : retryMs * 5, halted);
    }
  return null;
}

const syncRetryMs = 1000;

/** A full disk or another failure of this machine is told as an event; the pod goes on once it is over. */
export async function keepTrying(
  { record }: KubeletContext,
  pod: Pod,
  live: () => Promise<void>,
  halted: AbortSignal,
): Promise<void> {
  while (!halted.aborted)
    try {
      return await live();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `error syncing pod: ${why}`;
      record(pod, { kind: 'Pod', type: 'Warning', reason: 'FailedSync', message });
      await pause(syncRetryMs, halted);
    }
}
