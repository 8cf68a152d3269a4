import type { Condition } from '../../../ports/kube-objects.ts';
import { type ControlledWorkload, kinds } from '../kinds.ts';
import { timestamp } from '../timestamp.ts';
import type { ControllerContext } from './context.ts';
import { rolloutLimits } from './rollout.ts';

interface TimedCondition extends Condition {
  readonly lastUpdateTime?: string;
}

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
}

const total = (sets: readonly ControlledWorkload[], of: (set: ControlledWorkload) => number): number =>
  sets.reduce((sum, set) => sum + of(set), 0);

/** Writes replicas and conditions as `kubectl rollout status` and doctor read them. */
export function setDeploymentStatus(
  context: ControllerContext,
  deployment: ControlledWorkload,
  newest: ControlledWorkload | null,
  sets: readonly ControlledWorkload[],
): void {
  const current = sets.find(({ metadata }) => metadata.name === newest?.metadata.name) ?? null;
  const counts = count(deployment, current, sets);
  const conditions = [
    available(context, deployment, counts),
    progressing(context, deployment, current, counts),
  ];
  const zeroFree = Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));
  context.store.setStatus(
    kinds.deployments,
    deployment.metadata.namespace ?? null,
    deployment.metadata.name,
    {
      observedGeneration: deployment.metadata.generation ?? 1,
      ...zeroFree,
      conditions: conditions.filter((condition) => condition !== null),
    },
  );
}

function count(
  deployment: ControlledWorkload,
  current: ControlledWorkload | null,
  sets: readonly ControlledWorkload[],
): Counts {
  const availableReplicas = total(sets, (set) => set.status?.availableReplicas ?? 0);
  const wanted = Math.max(
    deployment.spec.replicas ?? 1,
    total(sets, (set) => set.spec.replicas ?? 0),
  );
  return {
    replicas: total(sets, (set) => set.status?.replicas ?? 0),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(sets, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas,
    unavailableReplicas: Math.max(0, wanted - availableReplicas),
  };
}

function available(
  context: ControllerContext,
  deployment: ControlledWorkload,
  counts: Counts,
): TimedCondition {
  const needed = (deployment.spec.replicas ?? 1) - rolloutLimits(deployment).unavailable;
  const enough = counts.availableReplicas >= needed;
  return stamped(context, deployment, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  });
}

function progressing(
  context: ControllerContext,
  deployment: ControlledWorkload,
  current: ControlledWorkload | null,
  counts: Counts,
): TimedCondition | null {
  const before = conditionOf(deployment, 'Progressing');
  if (current === null) return before ?? null;
  const name = current.metadata.name;
  if (isComplete(deployment, counts))
    return stamped(context, deployment, {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${name}" has successfully progressed.`,
    });
  if (!moved(deployment, counts) && isLate(context, deployment, before))
    return stamped(context, deployment, {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${name}" has timed out progressing.`,
    });
  const message = `ReplicaSet "${name}" is progressing.`;
  const next = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
  return stamped(context, deployment, next, moved(deployment, counts));
}

function isComplete(deployment: ControlledWorkload, counts: Counts): boolean {
  const desired = deployment.spec.replicas ?? 1;
  const { updatedReplicas, replicas, availableReplicas } = counts;
  return updatedReplicas === desired && replicas === desired && availableReplicas === desired;
}

/** Counts that changed since the last pass, or a new generation, start the deadline again. */
function moved(deployment: ControlledWorkload, counts: Counts): boolean {
  const before = deployment.status;
  return (
    before?.observedGeneration !== deployment.metadata.generation ||
    counts.updatedReplicas > (before?.updatedReplicas ?? 0) ||
    counts.readyReplicas > (before?.readyReplicas ?? 0) ||
    counts.availableReplicas > (before?.availableReplicas ?? 0)
  );
}

/** True past progressDeadlineSeconds (600 by default) without a step; asks for a pass at that time. */
function isLate(
  context: ControllerContext,
  deployment: ControlledWorkload,
  before: TimedCondition | undefined,
): boolean {
  if (before === undefined || before.reason === 'NewReplicaSetAvailable') return false;
  if (before.reason === 'ProgressDeadlineExceeded') return true;
  const deadlineMs = ((deployment.spec.progressDeadlineSeconds ?? 600) * 1000) / context.timeScale;
  const since = Date.parse(before.lastUpdateTime ?? before.lastTransitionTime ?? '');
  const leftMs = since + deadlineMs - context.now().getTime();
  if (leftMs > 0) context.wakeAfter(leftMs + 10);
  return leftMs <= 0;
}

function conditionOf(deployment: ControlledWorkload, type: string): TimedCondition | undefined {
  return deployment.status?.conditions?.find((condition) => condition.type === type);
}

function stamped(
  { now }: ControllerContext,
  deployment: ControlledWorkload,
  next: Condition,
  touched = false,
): TimedCondition {
  const before = conditionOf(deployment, next.type);
  const time = timestamp(now());
  const same = before?.status === next.status;
  const unchanged = same && before.reason === next.reason && before.message === next.message && !touched;
  return {
    ...next,
    lastUpdateTime: unchanged ? (before.lastUpdateTime ?? time) : time,
    lastTransitionTime: same ? (before.lastTransitionTime ?? time) : time,
  };
}
