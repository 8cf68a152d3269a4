import type { KubeResource } from '../../../ports/kube.ts';
import { kinds, sameKind } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { eventRecorder } from '../recorder.ts';
import { StoreError } from '../store-error.ts';
import { syncAutoscalers } from './autoscalers.ts';
import { syncBudgets } from './budgets.ts';
import { syncClaims } from './claims.ts';
import { collectOrphans } from './collector.ts';
import type { ControllerContext } from './context.ts';
import { syncDeployments } from './deployments.ts';
import { syncEndpoints } from './endpoints.ts';
import { syncJobs } from './jobs.ts';
import { syncReplicaSets } from './replicasets.ts';
import { syncStatefulSets } from './statefulsets.ts';

/** What the controllers work on. */
export interface ControllersOptions {
  readonly store: ObjectStore;
  readonly now: () => Date;
  /** How much faster deadlines run than the objects say. */
  readonly timeScale: number;
  /** Gets what no controller should run into. */
  readonly log: (line: string) => void;
}

/** A change to one of these asks for a pass. */
const watched: readonly KubeResource[] = [
  kinds.pods,
  kinds.services,
  kinds.claims,
  kinds.deployments,
  kinds.replicaSets,
  kinds.statefulSets,
  kinds.jobs,
  { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' },
  { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' },
];

/** Changes within this time are answered by one pass. */
const settleMs = 5;
const retryMs = 500;

/**
 * The controller manager: turns workloads into pods, Services into endpoints, claims into volumes.
 * A sandbox has tens of objects, so each pass looks at all of them; one that fails is tried again.
 */
export function startControllers(options: ControllersOptions): { readonly stop: () => void } {
  const { store, now, timeScale } = options;
  const timers = new Set<NodeJS.Timeout>();
  let soon: NodeJS.Timeout | null = null;
  const wakeAfter = (waitMs: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      pass();
    }, waitMs);
    timers.add(timer.unref());
  };
  const context: ControllerContext = {
    store,
    now,
    timeScale,
    wakeAfter,
    record: eventRecorder(store, now, 'controller-manager'),
  };
  const pass = (): void => {
    if (!runAll(context, options.log)) wakeAfter(retryMs);
  };
  const schedule = (): void => {
    soon ??= setTimeout(() => {
      soon = null;
      pass();
    }, settleMs);
  };
  const unwatch = store.watch(({ resource }) => {
    if (watched.some((kind) => sameKind(kind, resource))) schedule();
  });
  schedule();
  return {
    stop: () => {
      unwatch();
      if (soon) clearTimeout(soon);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** True when every controller got through. */
function runAll(context: ControllerContext, log: (line: string) => void): boolean {
  let clean = true;
  for (const sync of [
    collectOrphans,
    syncClaims,
    syncDeployments,
    syncReplicaSets,
    syncStatefulSets,
    syncJobs,
    syncEndpoints,
    syncBudgets,
    syncAutoscalers,
  ])
    clean = attempt(() => sync(context), log) && clean;
  return clean;
}

/** A conflict with a client's write is no failure: the next pass sees the new state. */
function attempt(work: () => void, log: (line: string) => void): boolean {
  try {
    work();
    return true;
  } catch (cause) {
    if (!(cause instanceof StoreError)) log(`a controller failed: ${String(cause)}`);
    return false;
  }
}
