import type { Pod } from '../../../ports/kube-objects.ts';
import { type ControlledWorkload, isFinished, isReady, kinds, listed, owned } from '../kinds.ts';
import type { ControllerContext } from './context.ts';
import { controllerReference, podFrom, randomSuffix } from './pod-template.ts';

const component = 'replicaset-controller';

/** Keeps as many pods as each ReplicaSet asks for. */
export function syncReplicaSets(context: ControllerContext): void {
  for (const set of listed<ControlledWorkload>(context.store, kinds.replicaSets)) {
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const pods = owned<Pod>(context.store, kinds.pods, set);
    for (const pod of pods.filter(isFinished)) removePod(context, set, pod);
    const active = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !isFinished(pod));
    const surplus = active.length - (set.spec.replicas ?? 1);
    if (surplus < 0) for (let index = surplus; index < 0; index += 1) addPod(context, set);
    if (surplus > 0)
      for (const pod of active.toSorted(removableFirst).slice(0, surplus)) removePod(context, set, pod);
    setReplicaSetStatus(context, set);
  }
}

function addPod({ store, record }: ControllerContext, set: ControlledWorkload): void {
  const name = `${set.metadata.name}-${randomSuffix()}`;
  const owner = controllerReference(set, 'apps/v1', 'ReplicaSet');
  const namespace = set.metadata.namespace ?? 'default';
  const generateName = `${set.metadata.name}-`;
  store.create(kinds.pods, podFrom(set.spec.template, { name, generateName, owner, namespace }));
  record(set, { kind: 'ReplicaSet', component, reason: 'SuccessfulCreate', message: `Created pod: ${name}` });
}

function removePod({ store, record }: ControllerContext, set: ControlledWorkload, pod: Pod): void {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  store.remove(kinds.pods, pod.metadata.namespace ?? null, pod.metadata.name);
  const message = `Deleted pod: ${pod.metadata.name}`;
  record(set, { kind: 'ReplicaSet', component, reason: 'SuccessfulDelete', message });
}

/** Not scheduled before scheduled, not ready before ready, young before old. */
function removableFirst(left: Pod, right: Pod): number {
  const rank = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : isReady(pod) ? 2 : 1);
  const age = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
  return rank(left) - rank(right) || (age(left) > age(right) ? -1 : 1);
}

function setReplicaSetStatus(context: ControllerContext, set: ControlledWorkload): void {
  const { store } = context;
  const pods = owned<Pod>(store, kinds.pods, set).filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && !isFinished(pod),
  );
  const ready = pods.filter(isReady);
  const available = ready.filter((pod) => isAvailable(context, pod, set.spec.minReadySeconds ?? 0));
  store.setStatus(kinds.replicaSets, set.metadata.namespace ?? null, set.metadata.name, {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    observedGeneration: set.metadata.generation ?? 1,
  });
}

/** Ready for at least minReadySeconds on the sandbox's clock; asks for another pass when not yet. */
function isAvailable(context: ControllerContext, pod: Pod, minReadySeconds: number): boolean {
  const since = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  if (!isReady(pod)) return false;
  if (minReadySeconds === 0 || since === undefined) return true;
  const leftMs = Date.parse(since) + (minReadySeconds * 1000) / context.timeScale - context.now().getTime();
  if (leftMs > 0) context.wakeAfter(leftMs + 10);
  return leftMs <= 0;
}
