import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerStatus, KubeEvent, KubeObject, Pod } from '../../../src/ports/kube-objects.ts';
import { startControllers } from '../../../src/sandbox/cluster/controllers/controllers.ts';
import { found, isReady, kinds, listed } from '../../../src/sandbox/cluster/kinds.ts';
import { startKubelet, type Kubelet } from '../../../src/sandbox/cluster/kubelet/kubelet.ts';
import { startNetwork, type Network } from '../../../src/sandbox/cluster/network/network.ts';
import type { ObjectStore } from '../../../src/sandbox/cluster/objects.ts';
import { createStore, type SnapshotStore } from '../../../src/sandbox/cluster/store.ts';

export const timeScale = 50;

export interface Bed {
  readonly store: SnapshotStore;
  readonly network: Network;
  readonly kubelet: Kubelet;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** A cluster without an API server, on its own addresses. */
export async function startBed(programEntry: string, seed: string): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-bed-'));
  const now = (): Date => new Date();
  const store = createStore(undefined, now);
  store.create(kinds.namespaces, { metadata: { name: 'default' } });
  const network = await startNetwork({ store, stateFolder: folder, seed: `${seed}-${process.pid}` });
  const failures: string[] = [];
  const controllers = startControllers({ store, now, timeScale, log: (line) => failures.push(line) });
  const nodePath = process.execPath;
  const kubelet = await startKubelet({
    store,
    network,
    stateFolder: folder,
    programEntry,
    nodePath,
    timeScale,
    now,
  });
  return {
    store,
    network,
    kubelet,
    folder,
    stop: async () => {
      controllers.stop();
      await kubelet.stop({ killPods: true });
      await network.stop();
      await rm(folder, { recursive: true, force: true });
      if (failures.length > 0) throw new Error(failures.join('\n'));
    },
  };
}

/** Waits until a value is there; the message says what was waited for. */
export async function until<Value>(
  what: string,
  look: () => Value | null | undefined | false | Promise<Value | null | undefined | false>,
  timeoutMs = 20_000,
): Promise<Value> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const value = await look();
    if (value !== null && value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${timeoutMs} ms for: ${what}`);
}

export function podNamed(store: ObjectStore, name: string): Pod | null {
  return found<Pod>(store, kinds.pods, 'default', name);
}

export function podsWith(store: ObjectStore, label: string, value: string): readonly Pod[] {
  return listed<Pod>(store, kinds.pods, 'default').filter(
    ({ metadata }) => metadata.labels?.[label] === value,
  );
}

export function events(store: ObjectStore, name: string): readonly string[] {
  return listed<KubeEvent>(store, kinds.events)
    .filter(({ involvedObject }) => involvedObject?.name === name)
    .map(({ reason, message }) => `${reason}: ${message}`);
}

/** A pod of one busybox container. */
export function busybox(
  name: string,
  script: string | null,
  container: object = {},
  spec: object = {},
): KubeObject {
  const pod = {
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 5,
      containers: [
        {
          name: 'main',
          image: 'busybox:1.36',
          ...(script === null ? {} : { command: ['sh', '-c', script] }),
          ...container,
        },
      ],
      ...spec,
    },
  };
  return pod;
}

export function create(store: ObjectStore, object: KubeObject): void {
  store.create(kinds.pods, object);
}

/** Text of a log. */
export async function logText(bed: Bed, pod: string, options: object = {}): Promise<string> {
  const parts: Buffer[] = [];
  const signal = new AbortController().signal;
  const all = { container: 'main', previous: false, timestamps: false, follow: false, signal, ...options };
  for await (const part of bed.kubelet.logs('default', pod, all)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export function isPodReady(store: ObjectStore, name: string): boolean {
  const pod = podNamed(store, name);
  return pod !== null && isReady(pod);
}

/** Status of the pod's first container. */
export function mainStatus(store: ObjectStore, name: string): ContainerStatus | undefined {
  return podNamed(store, name)?.status?.containerStatuses?.[0];
}
