import type { KubeObject, Pod } from '../../../ports/kube-objects.ts';
import { type ControlledWorkload, found, isFinished, isReady, kinds, listed, owned } from '../kinds.ts';
import type { ControllerContext } from './context.ts';
import { controllerReference, podFrom, templateHash } from './pod-template.ts';

const component = 'statefulset-controller';

interface StatefulSet extends ControlledWorkload {
  readonly spec: ControlledWorkload['spec'] & {
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: { readonly type?: string };
    readonly volumeClaimTemplates?: readonly (KubeObject & { readonly spec?: unknown })[];
  };
  readonly status?: ControlledWorkload['status'] & { readonly currentRevision?: string };
}

const revisionLabel = 'controller-revision-hash';

/**
 * Keeps each StatefulSet's pods in order: up from 0, down and updated from the last.
 * Unlike the real controller a pod that never becomes ready does not block the update that mends it
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
 */
export function syncStatefulSets(context: ControllerContext): void {
  for (const set of listed<StatefulSet>(context.store, kinds.statefulSets)) {
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const revision = `${set.metadata.name}-${templateHash(set.spec.template)}`;
    keepRevision(context, set, revision);
    if (fill(context, set, revision)) if (shrink(context, set)) update(context, set, revision);
    setStatus(context, set, revision);
  }
}

function podOf({ store }: ControllerContext, set: StatefulSet, ordinal: number): Pod | null {
  return found<Pod>(store, kinds.pods, set.metadata.namespace ?? null, `${set.metadata.name}-${ordinal}`);
}

/** Creates what is missing; false while the order asks to wait. */
function fill(context: ControllerContext, set: StatefulSet, revision: string): boolean {
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  for (let ordinal = 0; ordinal < (set.spec.replicas ?? 1); ordinal += 1) {
    const pod = podOf(context, set, ordinal);
    if (pod === null) addPod(context, set, ordinal, revision);
    else if (isFinished(pod)) removePod(context, set, pod);
    const waiting = pod === null || !isReady(pod) || pod.metadata.deletionTimestamp !== undefined;
    const outdated = pod !== null && pod.metadata.labels?.[revisionLabel] !== revision;
    if (waiting && !parallel && !outdated) return false;
  }
  return true;
}

function addPod(context: ControllerContext, set: StatefulSet, ordinal: number, revision: string): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const namespace = set.metadata.namespace ?? 'default';
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    template,
    claimName: `${template.metadata.name}-${name}`,
  }));
  for (const { template, claimName } of claims) addClaim(context, set, claimName, template);
  const volumes = [
    ...(set.spec.template.spec.volumes ?? []),
    ...claims.map(({ template, claimName }) => ({
      name: template.metadata.name,
      persistentVolumeClaim: { claimName },
    })),
  ];
  const pod = podFrom(set.spec.template, {
    name,
    namespace,
    owner: controllerReference(set, 'apps/v1', 'StatefulSet'),
    labels: {
      [revisionLabel]: revision,
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
    },
    spec: { volumes, hostname: name, subdomain: set.spec.serviceName ?? '' },
  });
  context.store.create(kinds.pods, pod);
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  context.record(set, { kind: 'StatefulSet', component, reason: 'SuccessfulCreate', message });
}

function addClaim(
  { store }: ControllerContext,
  set: StatefulSet,
  name: string,
  template: KubeObject & { readonly spec?: unknown },
): void {
  const namespace = set.metadata.namespace ?? 'default';
  if (found(store, kinds.claims, namespace, name) !== null) return;
  const labels = { ...set.spec.selector?.matchLabels, ...template.metadata.labels };
  const claim: KubeObject & { spec?: unknown; status: unknown } = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, labels },
    spec: template.spec,
    status: { phase: 'Pending' },
  };
  store.create(kinds.claims, claim);
}

function removePod({ store, record }: ControllerContext, set: StatefulSet, pod: Pod): void {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  store.remove(kinds.pods, pod.metadata.namespace ?? null, pod.metadata.name);
  const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  record(set, { kind: 'StatefulSet', component, reason: 'SuccessfulDelete', message });
}

function ordinalOf(pod: Pod): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
}

/** Removes the pods past the last ordinal, one after the other; false while one is still there. */
function shrink(context: ControllerContext, set: StatefulSet): boolean {
  const surplus = owned<Pod>(context.store, kinds.pods, set)
    .filter((pod) => ordinalOf(pod) >= (set.spec.replicas ?? 1))
    .toSorted((left, right) => ordinalOf(right) - ordinalOf(left));
  const last = surplus[0];
  if (last) removePod(context, set, last);
  return surplus.length === 0;
}

function update(context: ControllerContext, set: StatefulSet, revision: string): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  for (let ordinal = (set.spec.replicas ?? 1) - 1; ordinal >= 0; ordinal -= 1) {
    const pod = podOf(context, set, ordinal);
    if (pod === null || pod.metadata.deletionTimestamp !== undefined) return;
    if (pod.metadata.labels?.[revisionLabel] !== revision) return removePod(context, set, pod);
    if (!isReady(pod)) return;
  }
}

/** `kubectl rollout history` and `undo` read ControllerRevisions. */
function keepRevision({ store }: ControllerContext, set: StatefulSet, name: string): void {
  const namespace = set.metadata.namespace ?? 'default';
  if (found(store, kinds.revisions, namespace, name) !== null) return;
  const revisions = owned<KubeObject & { readonly revision?: number }>(store, kinds.revisions, set);
  const object: KubeObject & { data: unknown; revision: number } = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace,
      labels: { ...set.spec.template.metadata?.labels, [revisionLabel]: name },
      ownerReferences: [controllerReference(set, 'apps/v1', 'StatefulSet')],
    },
    data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
    revision: Math.max(0, ...revisions.map(({ revision }) => revision ?? 0)) + 1,
  };
  store.create(kinds.revisions, object);
}

function setStatus({ store }: ControllerContext, set: StatefulSet, revision: string): void {
  const pods = owned<Pod>(store, kinds.pods, set);
  const living = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const updated = living.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision);
  const ready = living.filter(isReady).length;
  const replicas = set.spec.replicas ?? 1;
  const done = updated.filter(isReady).length === replicas && pods.length === replicas;
  const currentRevision = done ? revision : (set.status?.currentRevision ?? revision);
  store.setStatus(kinds.statefulSets, set.metadata.namespace ?? null, set.metadata.name, {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: done
      ? replicas
      : living.filter((pod) => pod.metadata.labels?.[revisionLabel] === currentRevision).length,
    updatedReplicas: updated.length,
    currentRevision,
    updateRevision: revision,
    collisionCount: 0,
  });
}
