import { rm } from 'node:fs/promises';
import type { Pod } from '../../../ports/kube-objects.ts';
import { kinds, listed, sameKind } from '../kinds.ts';
import type { NodeAgent } from '../node-agent.ts';
import type { StoreEvent } from '../objects.ts';
import { eventRecorder } from '../recorder.ts';
import { timestamp } from '../timestamp.ts';
import { nodeAgent } from './agent.ts';
import type { KubeletContext, KubeletOptions } from './context.ts';
import { leftPods, removeLeftPod } from './leftovers.ts';
import { claimFolder } from './pod-folder.ts';
import { type PodWorker, startPodWorker } from './pod-worker.ts';
import { ensureNode } from './scheduling.ts';

export type { KubeletOptions } from './context.ts';

interface PodProcess {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly pid: number;
}

/** The running kubelet; the API server asks it for logs, exec and port-forwards. */
export interface Kubelet extends NodeAgent {
  /** Processes of the pods that run. */
  readonly processes: () => readonly PodProcess[];
  /** With killPods no process is left; without it pods go on and the next kubelet adopts them. */
  readonly stop: (options: { readonly killPods: boolean }) => Promise<void>;
}

/** Starts the emulated scheduler and kubelet; pods of a former kubelet that still run are adopted. */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { store, network, now, stateFolder } = options;
  const context: KubeletContext = { ...options, record: eventRecorder(store, now, 'kubelet') };
  ensureNode(store, network.nodeAddress, timestamp(now()));
  await settleLeftOvers(context);
  const keeper = podKeeper(context);
  const unwatch = store.watch((event) => {
    if (sameKind(event.resource, kinds.claims)) removeClaim(stateFolder, event);
    if (!sameKind(event.resource, kinds.pods)) return;
    if (event.type === 'DELETED') keeper.forget(event.object.metadata.uid ?? '');
    else keeper.follow(event.object as unknown as Pod);
  });
  for (const pod of listed<Pod>(store, kinds.pods)) keeper.follow(pod);
  return {
    ...nodeAgent(context, keeper.find),
    processes: () => keeper.workers().flatMap(processesOf),
    stop: async ({ killPods }) => {
      unwatch();
      await (killPods ? keeper.endAll() : keeper.leaveAll());
    },
  };
}

/** Keeps the addresses of pods that go on, and ends the processes of pods that are gone. */
async function settleLeftOvers({ store, network, stateFolder }: KubeletContext): Promise<void> {
  const known = new Set(listed<Pod>(store, kinds.pods).map(({ metadata }) => metadata.uid));
  for (const left of await leftPods(stateFolder)) {
    if (!known.has(left.uid)) await removeLeftPod(left.folder);
    else if (left.address !== '') network.claim(left.uid, left.address);
  }
}

interface PodKeeper {
  readonly workers: () => readonly PodWorker[];
  readonly find: (namespace: string, name: string) => PodWorker | null;
  /** Starts what is new and ends what is asked to go. */
  readonly follow: (pod: Pod) => void;
  /** The object is gone (`--force`): its processes go at once. */
  readonly forget: (uid: string) => void;
  readonly endAll: () => Promise<void>;
  readonly leaveAll: () => Promise<void>;
}

function podKeeper(context: KubeletContext): PodKeeper {
  const workers = new Map<string, PodWorker>();
  const endings = new Map<string, Promise<void>>();
  const end = (uid: string, worker: PodWorker, graceSeconds?: number): void => {
    if (endings.has(uid)) return;
    const ending = worker.end(graceSeconds).finally(() => {
      workers.delete(uid);
      endings.delete(uid);
    });
    endings.set(uid, ending);
  };
  return {
    workers: () => [...workers.values()],
    find: (namespace, name) =>
      [...workers.values()].find(
        ({ pod: { metadata } }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace,
      ) ?? null,
    follow: (pod) => {
      const uid = pod.metadata.uid ?? '';
      const worker = workers.get(uid) ?? startPodWorker(context, pod);
      workers.set(uid, worker);
      if (pod.metadata.deletionTimestamp === undefined || endings.has(uid)) return;
      const { deletionGracePeriodSeconds: grace } = pod.metadata;
      end(uid, worker, grace);
      void endings.get(uid)?.then(() => removeObject(context, pod));
    },
    forget: (uid) => {
      const worker = workers.get(uid);
      if (worker !== undefined) end(uid, worker, 0);
    },
    endAll: async () => {
      for (const [uid, worker] of workers) end(uid, worker);
      await Promise.all(endings.values());
    },
    leaveAll: async () => {
      for (const worker of workers.values()) worker.leave();
      await Promise.all(endings.values());
    },
  };
}

function removeObject({ store }: KubeletContext, { metadata }: Pod): void {
  const { namespace = 'default', name, uid } = metadata;
  if (store.get(kinds.pods, namespace, name)?.metadata.uid !== uid) return;
  store.remove(kinds.pods, namespace, name, { force: true });
}

function processesOf(worker: PodWorker): PodProcess[] {
  const { namespace = 'default', name } = worker.pod.metadata;
  return worker.pod.spec.containers.flatMap(({ name: container }) => {
    const identity = worker.record(container)?.process;
    return identity ? [{ namespace, pod: name, container, pid: identity.pid }] : [];
  });
}

/** Reclaim policy Delete: a claim's folder goes with it. */
function removeClaim(stateFolder: string, { type, object }: StoreEvent): void {
  if (type !== 'DELETED') return;
  const { namespace = 'default', name } = object.metadata;
  void rm(claimFolder(stateFolder, namespace, name), { recursive: true, force: true }).catch(() => undefined);
}
