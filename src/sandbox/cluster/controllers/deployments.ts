import type { PodTemplate } from '../../../ports/kube-objects.ts';
import { canonical, type ControlledWorkload, kinds, listed, owned } from '../kinds.ts';
import { type ControllerContext, replace, scaleTo } from './context.ts';
import { setDeploymentStatus } from './deployment-status.ts';
import { controllerReference, templateHash, withoutHash } from './pod-template.ts';
import { type RolloutStep, rolloutSteps } from './rollout.ts';

const component = 'deployment-controller';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** Brings each Deployment's ReplicaSets to its template, as its strategy says. */
export function syncDeployments(context: ControllerContext): void {
  for (const deployment of listed<ControlledWorkload>(context.store, kinds.deployments))
    if (deployment.metadata.deletionTimestamp === undefined) syncDeployment(context, deployment);
}

function syncDeployment(context: ControllerContext, deployment: ControlledWorkload): void {
  const sets = owned<ControlledWorkload>(context.store, kinds.replicaSets, deployment);
  let current = sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template)) ?? null;
  const paused = deployment.spec.paused === true;
  if (!paused) {
    current ??= createReplicaSet(context, deployment, sets);
    raiseRevision(context, deployment, current, sets);
  }
  const all = owned<ControlledWorkload>(context.store, kinds.replicaSets, deployment);
  const newest =
    current === null ? null : (all.find(({ metadata }) => metadata.name === current.metadata.name) ?? null);
  const hasPods = (set: ControlledWorkload): boolean => owned(context.store, kinds.pods, set).length > 0;
  if (newest !== null)
    for (const step of rolloutSteps(deployment, newest, all, hasPods)) applyStep(context, deployment, step);
  const after = owned<ControlledWorkload>(context.store, kinds.replicaSets, deployment);
  setDeploymentStatus(context, deployment, newest, after);
  if (newest !== null) trimHistory(context, deployment, newest, after);
}

function sameTemplate(left: PodTemplate, right: PodTemplate): boolean {
  return canonical(withoutHash(left)) === canonical(withoutHash(right));
}

function createReplicaSet(
  context: ControllerContext,
  deployment: ControlledWorkload,
  sets: readonly ControlledWorkload[],
): ControlledWorkload {
  const { template, selector } = deployment.spec;
  const hash = templateHash(template);
  const labels = { ...template.metadata?.labels, 'pod-template-hash': hash };
  const set: ControlledWorkload = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? 'default',
      labels,
      annotations: { ...setAnnotations(deployment), [revisionAnnotation]: String(latestRevision(sets) + 1) },
      ownerReferences: [controllerReference(deployment, 'apps/v1', 'Deployment')],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
  return context.store.create(kinds.replicaSets, set) as unknown as ControlledWorkload;
}

/** Annotations that a ReplicaSet takes from its Deployment, so that `rollout undo` can bring them back. */
function setAnnotations(deployment: ControlledWorkload): Record<string, string> {
  const own = [revisionAnnotation, 'kubectl.kubernetes.io/last-applied-configuration'];
  const annotations = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !own.includes(key)),
  );
  return {
    ...annotations,
    'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
  };
}

function revisionOf(set: ControlledWorkload): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
}

function latestRevision(sets: readonly ControlledWorkload[]): number {
  return Math.max(0, ...sets.map(revisionOf));
}

/** An old template that comes back (rollout undo) becomes the newest revision again. */
function raiseRevision(
  { store }: ControllerContext,
  deployment: ControlledWorkload,
  current: ControlledWorkload,
  sets: readonly ControlledWorkload[],
): void {
  const others = sets.filter(({ metadata }) => metadata.name !== current.metadata.name);
  const revision = String(Math.max(revisionOf(current), latestRevision(others) + 1));
  if (String(revisionOf(current)) !== revision)
    replace(store, kinds.replicaSets, annotated(current, revision));
  if (deployment.metadata.annotations?.[revisionAnnotation] !== revision)
    replace(store, kinds.deployments, annotated(deployment, revision));
}

function annotated(object: ControlledWorkload, revision: string): ControlledWorkload {
  const annotations = { ...object.metadata.annotations, [revisionAnnotation]: revision };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function applyStep(
  { store, record }: ControllerContext,
  deployment: ControlledWorkload,
  step: RolloutStep,
): void {
  const from = step.set.spec.replicas ?? 0;
  if (from === step.replicas) return;
  scaleTo(store, kinds.replicaSets, step.set, step.replicas);
  const direction = step.replicas > from ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${step.set.metadata.name} from ${from} to ${step.replicas}`;
  record(deployment, { kind: 'Deployment', component, reason: 'ScalingReplicaSet', message });
}

function trimHistory(
  { store }: ControllerContext,
  deployment: ControlledWorkload,
  newest: ControlledWorkload,
  sets: readonly ControlledWorkload[],
): void {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const idle = sets
    .filter((set) => set.metadata.name !== newest.metadata.name)
    .filter((set) => (set.spec.replicas ?? 0) === 0 && (set.status?.replicas ?? 0) === 0)
    .toSorted((left, right) => revisionOf(left) - revisionOf(right));
  for (const set of idle.slice(0, Math.max(0, idle.length - limit)))
    store.remove(kinds.replicaSets, set.metadata.namespace ?? null, set.metadata.name);
}
