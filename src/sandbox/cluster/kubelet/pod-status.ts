import { createHash } from 'node:crypto';
import type { Condition, Container, Pod } from '../../../ports/kube-objects.ts';
import { fullImageName, parseImage } from '../../images.ts';
import { timestamp } from '../timestamp.ts';
import type { ContainerRecord } from './container-record.ts';

/** Everything a pod's status is made of. */
export interface PodFacts {
  readonly pod: Pod;
  readonly address: string;
  readonly nodeAddress: string;
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly now: Date;
}

/** The status of a pod on the node, field by field as the real kubelet writes it. */
export function podStatus(facts: PodFacts): object {
  const { pod, address, nodeAddress } = facts;
  const initStatuses = statuses(facts, pod.spec.initContainers ?? []);
  return {
    phase: phaseOf(facts),
    conditions: conditionsOf(facts),
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: startTimeOf(facts),
    ...(initStatuses.length === 0 ? {} : { initContainerStatuses: initStatuses }),
    containerStatuses: statuses(facts, pod.spec.containers),
    qosClass: qosClass(pod),
  };
}

/** Status of a pod that no node has taken yet. */
export function pendingStatus(pod: Pod, now: Date, message: string): object {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  return { phase: 'Pending', conditions: [stamped(pod, condition, now)], qosClass: qosClass(pod) };
}

function startTimeOf({ pod, now }: PodFacts): string {
  const { startTime } = pod.status ?? {};
  return startTime ?? timestamp(now);
}

function statuses(facts: PodFacts, containers: readonly Container[]): object[] {
  return containers.flatMap(({ name, image = '' }) => {
    const record = facts.records.get(name);
    if (record === undefined) return [];
    const { repository, registry } = parseImage(image);
    const digest = createHash('sha256').update(image).digest('hex');
    return [
      {
        name,
        state: record.state,
        lastState: record.lastState,
        ready: record.ready,
        restartCount: record.restartCount,
        image: record.hasRun ? fullImageName(image) : image,
        imageID: record.hasRun ? `${registry}/${repository}@sha256:${digest}` : '',
        ...(record.containerId === '' ? {} : { containerID: record.containerId }),
        started: record.started,
      },
    ];
  });
}

function recordsOf({ pod, records }: PodFacts): readonly ContainerRecord[] {
  return pod.spec.containers.flatMap(({ name }) => records.get(name) ?? []);
}

function phaseOf(facts: PodFacts): string {
  const all = recordsOf(facts);
  if (all.some(({ hasRun }) => !hasRun)) return 'Pending';
  const ended = all.filter(({ state }) => state.terminated !== undefined);
  const policy = facts.pod.spec.restartPolicy ?? 'Always';
  if (ended.length < all.length || policy === 'Always') return 'Running';
  const failed = ended.some(({ state }) => state.terminated?.exitCode !== 0);
  if (failed && policy === 'OnFailure') return 'Running';
  return failed ? 'Failed' : 'Succeeded';
}

function conditionsOf(facts: PodFacts): readonly Condition[] {
  const { pod, now } = facts;
  const unready = pod.spec.containers.filter(({ name }) => facts.records.get(name)?.ready !== true);
  const initDone = (pod.spec.initContainers ?? []).filter(
    ({ name }) => facts.records.get(name)?.state.terminated?.exitCode !== 0,
  );
  const over = phaseOf(facts) === 'Succeeded';
  const readiness = notWhile(unready, over, 'ContainersNotReady', 'unready');
  return [
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Initialized', ...notWhile(initDone, false, 'ContainersNotInitialized', 'incomplete') },
    { type: 'Ready', ...readiness },
    { type: 'ContainersReady', ...readiness },
    { type: 'PodScheduled', status: 'True' },
  ].map((condition) => stamped(pod, condition, now));
}

function notWhile(
  containers: readonly Container[],
  over: boolean,
  reason: string,
  word: string,
): Omit<Condition, 'type'> {
  if (over) return { status: 'False', reason: 'PodCompleted' };
  if (containers.length === 0) return { status: 'True' };
  const names = containers.map(({ name }) => name).join(' ');
  return { status: 'False', reason, message: `containers with ${word} status: [${names}]` };
}

function stamped(pod: Pod, condition: Condition, now: Date): Condition {
  const before = pod.status?.conditions?.find(({ type }) => type === condition.type);
  const same = before?.status === condition.status && before.lastTransitionTime !== undefined;
  const lastTransitionTime = same ? before.lastTransitionTime : timestamp(now);
  const full = { lastProbeTime: null, ...condition, ...(lastTransitionTime ? { lastTransitionTime } : {}) };
  return full;
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qosClass({ spec }: Pod): string {
  const all = spec.containers.map(({ resources }) => resources ?? {});
  const asked = all.some(
    ({ limits = {}, requests = {} }) => Object.keys({ ...limits, ...requests }).length > 0,
  );
  if (!asked) return 'BestEffort';
  const full = all.every(({ limits = {}, requests = limits }) =>
    ['cpu', 'memory'].every((name) => limits[name] !== undefined && limits[name] === requests[name]),
  );
  return full ? 'Guaranteed' : 'Burstable';
}
