import type { Pod, Workload } from '../../ports/kube-objects.ts';
import { matchesLabels } from '../../ports/label-selector.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubeClient } from '../kube-client.ts';
import { isAlive } from '../process-identity.ts';
import type { SandboxFolder, SupervisorStatus } from '../state.ts';
import { isReady } from '../supervisor/stages.ts';
import { recordedProcesses } from './pod-processes.ts';

/** One part of a sandbox as `status` names it. */
export interface SandboxPart {
  /** `supervisor`, `api`, `load-balancer`, or `namespace/workload`. */
  readonly id: string;
  readonly kind: 'process' | 'Deployment' | 'StatefulSet';
  readonly status: 'up' | 'starting' | 'down';
  readonly ready: number;
  readonly wanted: number;
  /** Why it is not up; empty when it is. */
  readonly detail: string;
}

const kinds = [
  { kind: 'StatefulSet', resource: resources.statefulSets },
  { kind: 'Deployment', resource: resources.deployments },
] as const;

/** A restart is told this long after it happened. */
const recentMs = 60_000;

/** All workloads of the cluster with how they are. */
export async function workloadParts(client: KubeClient, now: Date): Promise<SandboxPart[]> {
  const pods = await client.list<Pod>(resources.pods, null);
  const lists = kinds.map(async ({ kind, resource }) => {
    const found = await client.list<Workload>(resource, null);
    return found.map((workload) => workloadPart(kind, workload, pods, now));
  });
  return (await Promise.all(lists)).flat();
}

function workloadPart(
  kind: SandboxPart['kind'],
  workload: Workload,
  pods: readonly Pod[],
  now: Date,
): SandboxPart {
  const { namespace = '', name } = workload.metadata;
  const wanted = workload.spec.replicas ?? 1;
  const ready = workload.status?.readyReplicas ?? 0;
  const id = `${namespace}/${name}`;
  if (wanted === 0) return { id, kind, status: 'down', ready, wanted, detail: 'scaled to zero' };
  const own = pods.filter((pod) => selects(workload, pod));
  const trouble = own.map(podTrouble).find((text) => text !== '');
  if (isReady(workload) && (trouble === undefined || ready >= wanted))
    return { id, kind, status: 'up', ready, wanted, detail: recentRestart(own, now) };
  const failing = trouble !== undefined && trouble !== 'starting';
  return { id, kind, status: failing ? 'down' : 'starting', ready, wanted, detail: trouble ?? 'no pod yet' };
}

function selects(workload: Workload, pod: Pod): boolean {
  if (pod.metadata.namespace !== workload.metadata.namespace) return false;
  return matchesLabels(workload.spec.selector ?? {}, pod.metadata.labels);
}

/** A container that ended a short while ago and runs again: nothing is wrong now, but someone may look for it. */
function recentRestart(pods: readonly Pod[], now: Date): string {
  for (const { metadata, status } of pods)
    for (const { lastState } of status?.containerStatuses ?? []) {
      const ended = lastState?.terminated;
      const agoMs = now.getTime() - Date.parse(ended?.finishedAt ?? '');
      if (ended !== undefined && agoMs < recentMs)
        return `${metadata.name} was restarted ${Math.round(agoMs / 1000)} s ago after exit code ${ended.exitCode}`;
    }
  return '';
}

/** What keeps a pod from being ready, in a few words. */
function podTrouble({ metadata, status }: Pod): string {
  for (const { ready, state, lastState } of status?.containerStatuses ?? []) {
    if (ready) continue;
    const waiting = state?.waiting?.reason;
    if (waiting !== undefined && waiting !== 'ContainerCreating') return `${metadata.name}: ${waiting}`;
    const ended = state?.terminated ?? lastState?.terminated;
    if (ended !== undefined) return `${metadata.name}: last exit code ${ended.exitCode}`;
    return 'starting';
  }
  return status?.containerStatuses === undefined ? 'starting' : '';
}

/** Containers by their processes alone: all there is to see when the API does not answer. */
export async function orphanParts(folder: SandboxFolder): Promise<SandboxPart[]> {
  return (await recordedProcesses(folder)).map((recorded) =>
    processPart(recorded.id, isAlive(recorded), 'its process is gone'),
  );
}

function processPart(id: string, up: boolean, detail: string): SandboxPart {
  const status = up ? 'up' : 'down';
  return { id, kind: 'process', status, ready: up ? 1 : 0, wanted: 1, detail: up ? '' : detail };
}

/** The supervisor and what it serves itself. */
export function processParts(status: SupervisorStatus | null, apiAnswers: boolean): SandboxPart[] {
  const running = status !== null && isAlive(status.supervisor);
  const failure = status?.failure?.message;
  const frontUp = running && status.loadBalancerUrl !== null;
  const [problem] = status?.problems ?? [];
  return [
    processPart('supervisor', running, failure ?? 'its process is gone'),
    processPart('api', running && apiAnswers, 'the Kubernetes API does not answer'),
    processPart('load-balancer', frontUp, 'it is not served'),
    ...(running && problem !== undefined ? [processPart('network', false, problem)] : []),
  ];
}
