import type { LabelSelector, Pod, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Inventory } from './inventory.ts';

/** Pods of a workload, newest first: those that its selector matches and no other workload controls. */
export async function podsOf(inventory: Inventory, workload: Workload): Promise<Pod[]> {
  const selector = selectorText(workload.spec.selector ?? {});
  if (selector === '') return [];
  const pods = await inventory.list<Pod>(resources.pods, workload.metadata.namespace ?? null, selector);
  return newestFirst(
    pods.filter(
      (pod) => matches(workload.spec.selector ?? {}, pod.metadata.labels ?? {}) && mayOwn(workload, pod),
    ),
  );
}

export function newestFirst(pods: readonly Pod[]): Pod[] {
  return pods.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? ''),
  );
}

/** As the API's query takes it: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...equal, ...expressions].join(',');
}

function matches(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const label = labels[key];
      if (operator === 'Exists') return label !== undefined;
      if (operator === 'DoesNotExist') return label === undefined;
      const among = label !== undefined && values.includes(label);
      return operator === 'In' ? among : !among;
    })
  );
}

/**
 * Two Deployments with the same selector, as plain manifests often have them, each own the pods of their ReplicaSets,
 * whose names are the Deployment's with the template's hash.
 */
function mayOwn(workload: Workload, pod: Pod): boolean {
  const owner = (pod.metadata.ownerReferences ?? []).find((reference) => reference.controller === true);
  const hash =
    pod.metadata.labels?.['pod-template-hash'] ?? pod.metadata.labels?.['rollouts-pod-template-hash'];
  if (owner === undefined) return true;
  if (owner.kind === 'ReplicaSet' && hash !== undefined)
    return owner.name === `${workload.metadata.name}-${hash}` || owner.name === workload.metadata.name;
  return owner.kind === 'ReplicaSet' || owner.name === workload.metadata.name;
}
