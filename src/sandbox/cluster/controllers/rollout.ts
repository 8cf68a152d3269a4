import type { ControlledWorkload } from '../kinds.ts';

/** One ReplicaSet and the size it gets now. */
export interface RolloutStep {
  readonly set: ControlledWorkload;
  readonly replicas: number;
}

const sizeOf = (set: ControlledWorkload): number => set.spec.replicas ?? 0;
const availableOf = (set: ControlledWorkload): number => set.status?.availableReplicas ?? 0;
const sum = (sets: readonly ControlledWorkload[], of: (set: ControlledWorkload) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);

/**
 * What to scale in this pass, by the rules of the deployment controller.
 * @param hasPods true while a pod of the set is still there, terminating ones too
 */
export function rolloutSteps(
  deployment: ControlledWorkload,
  newest: ControlledWorkload,
  sets: readonly ControlledWorkload[],
  hasPods: (set: ControlledWorkload) => boolean,
): readonly RolloutStep[] {
  const old = sets
    .filter(({ metadata }) => metadata.name !== newest.metadata.name)
    .toSorted((left, right) =>
      (left.metadata.creationTimestamp ?? '') < (right.metadata.creationTimestamp ?? '') ? -1 : 1,
    );
  if (deployment.spec.strategy?.type === 'Recreate') return recreate(deployment, newest, old, hasPods);
  const up = growNewest(deployment, newest, sets);
  return up === null ? shrinkOld(deployment, newest, old) : [up];
}

function recreate(
  deployment: ControlledWorkload,
  newest: ControlledWorkload,
  old: readonly ControlledWorkload[],
  hasPods: (set: ControlledWorkload) => boolean,
): readonly RolloutStep[] {
  const running = old.filter((set) => sizeOf(set) > 0 || hasPods(set));
  if (running.length > 0) return running.map((set) => ({ set, replicas: 0 }));
  return [{ set: newest, replicas: deployment.spec.replicas ?? 1 }];
}

/** maxSurge rounds up, maxUnavailable down; when both are 0 one pod may be missing. */
export function rolloutLimits(deployment: ControlledWorkload): { surge: number; unavailable: number } {
  const desired = deployment.spec.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const share = (value: number | string, round: (value: number) => number): number =>
    typeof value === 'string' && value.endsWith('%')
      ? round((Number.parseFloat(value) * desired) / 100)
      : Number(value);
  const surge = share(maxSurge, Math.ceil);
  const unavailable = share(maxUnavailable, Math.floor);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function growNewest(
  deployment: ControlledWorkload,
  newest: ControlledWorkload,
  sets: readonly ControlledWorkload[],
): RolloutStep | null {
  const desired = deployment.spec.replicas ?? 1;
  const size = sizeOf(newest);
  if (size === desired) return null;
  if (size > desired) return { set: newest, replicas: desired };
  const room = desired + rolloutLimits(deployment).surge - sum(sets, sizeOf);
  return room <= 0 ? null : { set: newest, replicas: size + Math.min(room, desired - size) };
}

/** Pods of old sets that are not available go first; then as many as availability allows. */
function shrinkOld(
  deployment: ControlledWorkload,
  newest: ControlledWorkload,
  old: readonly ControlledWorkload[],
): readonly RolloutStep[] {
  const needed = (deployment.spec.replicas ?? 1) - rolloutLimits(deployment).unavailable;
  const missing = sizeOf(newest) - availableOf(newest);
  let spare = sizeOf(newest) + sum(old, sizeOf) - needed - missing;
  const sizes = new Map(old.map((set) => [set, sizeOf(set)]));
  const take = (set: ControlledWorkload, wanted: number): void => {
    const taken = Math.max(0, Math.min(spare, wanted));
    sizes.set(set, (sizes.get(set) ?? 0) - taken);
    spare -= taken;
  };
  for (const set of old) take(set, sizeOf(set) - availableOf(set));
  spare = Math.min(spare, availableOf(newest) + sum(old, availableOf) - needed);
  for (const set of old) take(set, sizes.get(set) ?? 0);
  return old.map((set) => ({ set, replicas: sizes.get(set) ?? 0 }));
}
