import type { KubeObject, LabelSelector, Pod } from '../../../ports/kube-objects.ts';
import { matchesLabels } from '../../../ports/label-selector.ts';
import { isFinished, isReady, kinds, listed } from '../kinds.ts';
import type { ControllerContext } from './context.ts';

interface Budget extends KubeObject {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
}

const budgets = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' } as const;

/** How many pods of each PodDisruptionBudget may go at this time: what `kubectl get pdb` shows and a drain obeys. */
export function syncBudgets({ store }: ControllerContext): void {
  for (const budget of listed<Budget>(store, budgets)) {
    const { namespace = '', name } = budget.metadata;
    const pods = listed<Pod>(store, kinds.pods, namespace).filter((pod) => covers(budget, pod));
    const currentHealthy = pods.filter(isReady).length;
    const desiredHealthy = wantedHealthy(budget, pods.length);
    store.setStatus(budgets, namespace, name, {
      observedGeneration: budget.metadata.generation ?? 1,
      expectedPods: pods.length,
      currentHealthy,
      desiredHealthy,
      disruptionsAllowed: pods.length === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy),
    });
  }
}

function covers({ spec }: Budget, pod: Pod): boolean {
  const { labels, deletionTimestamp } = pod.metadata;
  if (spec?.selector === undefined || deletionTimestamp !== undefined || isFinished(pod)) return false;
  return matchesLabels(spec.selector, labels);
}

/** A share of the pods is rounded up, on both sides: https://kubernetes.io/docs/tasks/run-application/configure-pdb/ */
function wantedHealthy({ spec }: Budget, pods: number): number {
  const count = (value: number | string): number =>
    typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) / 100) * pods);
  if (spec?.minAvailable !== undefined) return count(spec.minAvailable);
  return Math.max(0, pods - count(spec?.maxUnavailable ?? 0));
}
