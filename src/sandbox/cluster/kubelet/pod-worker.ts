import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Pod } from '../../../ports/kube-objects.ts';
import { found, kinds } from '../kinds.ts';
import { runContainer } from './container-loop.ts';
import { type ContainerRecord, newRecord, readRecord } from './container-record.ts';
import type { ContainerScope } from './container-scope.ts';
import type { KubeletContext } from './context.ts';
import { removeLeftPod } from './leftovers.ts';
import { containerFiles, podFolder } from './pod-folder.ts';
import { podStatus } from './pod-status.ts';
import { keepTrying, mount, schedule } from './pod-steps.ts';
import { containerMounts } from './volumes.ts';

/** One pod on its way from Pending to gone. */
export interface PodWorker {
  readonly pod: Pod;
  readonly folder: string;
  readonly address: () => string;
  readonly record: (container: string) => ContainerRecord | null;
  readonly mounts: (container: string) => Readonly<Record<string, string>>;
  readonly scope: (container: string) => ContainerScope | null;
  /** Ends the pod within its grace and forgets it. */
  readonly end: (graceSeconds?: number) => Promise<void>;
  /** Stops caring for it; its processes go on. */
  readonly leave: () => void;
}

/** What one pod's worker keeps while the pod is there. */
interface Life {
  readonly context: KubeletContext;
  readonly pod: Pod;
  readonly folder: string;
  readonly records: Map<string, ContainerRecord>;
  readonly scopes: Map<string, ContainerScope>;
  readonly ending: AbortController;
  readonly leaving: AbortController;
  /** Ended or left: nothing more is started. */
  readonly halted: AbortSignal;
  address: string;
  graceSeconds: number;
}

/** Takes a pod from where it is to its end: bound, mounted, its containers started or adopted, and kept running. */
export function startPodWorker(context: KubeletContext, pod: Pod): PodWorker {
  const life = newLife(context, pod);
  const { folder, records, scopes } = life;
  const ended = keepTrying(context, pod, () => live(life), life.halted);
  return {
    pod,
    folder,
    address: () => life.address,
    record: (container) => records.get(container) ?? null,
    mounts: (container) => scopes.get(container)?.mounts ?? {},
    scope: (container) => scopes.get(container) ?? null,
    end: async (graceSeconds = life.graceSeconds) => {
      life.graceSeconds = graceSeconds;
      for (const scope of scopes.values()) announceStop(scope);
      life.ending.abort();
      await ended;
      await removeLeftPod(folder);
      context.network.release(pod.metadata.uid ?? '');
    },
    leave: () => life.leaving.abort(),
  };
}

function newLife(context: KubeletContext, pod: Pod): Life {
  const ending = new AbortController();
  const leaving = new AbortController();
  return {
    context,
    pod,
    folder: podFolder(context.stateFolder, pod),
    records: new Map(),
    scopes: new Map(),
    ending,
    leaving,
    halted: AbortSignal.any([ending.signal, leaving.signal]),
    address: '',
    graceSeconds: pod.spec.terminationGracePeriodSeconds ?? 30,
  };
}

/** The pod as it is stored now; null when it is gone or another one has its name. */
function current({ context, pod }: Life): Pod | null {
  const { namespace = 'default', name, uid = '' } = pod.metadata;
  const stored = found<Pod>(context.store, kinds.pods, namespace, name);
  return stored?.metadata.uid === uid ? stored : null;
}

function publish(life: Life): void {
  const { context, address, records } = life;
  const stored = current(life);
  if (stored === null || life.leaving.signal.aborted) return;
  const { namespace = 'default', name } = stored.metadata;
  const facts = {
    pod: stored,
    address,
    nodeAddress: context.network.nodeAddress,
    records,
    now: context.now(),
  };
  context.store.setStatus(kinds.pods, namespace, name, podStatus(facts));
}

async function live(life: Life): Promise<void> {
  const { context, pod, folder, records, halted } = life;
  const uid = pod.metadata.uid ?? '';
  if (!(await schedule(context, pod, () => current(life), halted))) return;
  life.address = context.network.podAddress(uid);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pod.json'), JSON.stringify({ uid, address: life.address }));
  loadRecords(pod, folder, records);
  publish(life);
  const volumes = await mount(context, current(life) ?? pod, folder, halted);
  if (volumes === null || !(await initialize(life, volumes))) return;
  const loops = pod.spec.containers.map(async (container) =>
    runContainer(await openScope(life, container, false, volumes)),
  );
  await Promise.all(loops);
  publish(life);
}

/** Runs the init containers one after the other; false when the pod ended or one of them failed for good. */
async function initialize(life: Life, volumes: ReadonlyMap<string, string>): Promise<boolean> {
  for (const container of life.pod.spec.initContainers ?? []) {
    const scope = await openScope(life, container, true, volumes);
    if (scope.record.state.terminated?.exitCode !== 0) await runContainer(scope);
    if (life.halted.aborted) return false;
    if (scope.record.state.terminated?.exitCode !== 0) {
      publish(life);
      return false;
    }
  }
  return true;
}

async function openScope(
  life: Life,
  container: Container,
  isInit: boolean,
  volumes: ReadonlyMap<string, string>,
): Promise<ContainerScope> {
  const { context, folder, address, records, scopes, ending, halted } = life;
  const scope: ContainerScope = {
    context,
    pod: current(life) ?? life.pod,
    container,
    isInit,
    address,
    mounts: await containerMounts(container, volumes),
    files: containerFiles(folder, container.name),
    record: records.get(container.name) ?? newRecord('ContainerCreating'),
    ending: ending.signal,
    halted,
    graceSeconds: () => life.graceSeconds,
    publish: () => publish(life),
  };
  scopes.set(container.name, scope);
  return scope;
}

function announceStop({ record, container, context, pod }: ContainerScope): void {
  if (record.state.running === undefined) return;
  const message = `Stopping container ${container.name}`;
  const fieldPath = `spec.containers{${container.name}}`;
  context.record(pod, { kind: 'Pod', reason: 'Killing', message, fieldPath });
}

function loadRecords(pod: Pod, folder: string, records: Map<string, ContainerRecord>): void {
  const initializing = (pod.spec.initContainers ?? []).length > 0;
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  for (const { name } of all) {
    const fresh = newRecord(initializing ? 'PodInitializing' : 'ContainerCreating');
    records.set(name, readRecord(containerFiles(folder, name)) ?? fresh);
  }
}
