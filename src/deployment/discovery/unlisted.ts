import type {
  KubeObject,
  LabelSelector,
  ObjectMeta,
  OwnerReference,
  Pod,
  Workload,
} from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { WorkloadRef } from '../model.ts';
import type { Inventory } from './inventory.ts';
import { mayBeLangfuse } from './recognise.ts';

/** Something that runs pods, and its pods where these are what it was found by. */
export interface Candidate {
  readonly kind: WorkloadRef['kind'];
  readonly workload: Workload;
  readonly pods?: readonly Pod[];
}

/** Argo Rollouts' own Deployment: https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
interface Rollout extends KubeObject {
  readonly spec: Omit<Workload['spec'], 'template'> & {
    readonly template?: Workload['spec']['template'];
    /** The Deployment whose template it takes instead of one of its own; that is scaled to zero meanwhile. */
    readonly workloadRef?: { readonly kind?: string; readonly name?: string };
  };
  readonly status?: Workload['status'];
}

/**
 * What runs Langfuse and is in no list of Kubernetes' own kinds: Rollouts, and in a single namespace pods whose
 * workload is unknown, bare ones as well as those of a Deployment that may not be listed.
 * `instead` names the Deployments that Rollouts stand in for.
 */
export async function findUnlisted(
  inventory: Inventory,
  namespace: string | null,
  known: ReadonlySet<string>,
): Promise<{ readonly candidates: readonly Candidate[]; readonly instead: readonly string[] }> {
  const rollouts = await inventory.list<Rollout>(resources.rollouts, namespace);
  const taken = await Promise.all(rollouts.map((rollout) => fromRollout(inventory, rollout)));
  const names = [...known, ...rollouts.map((rollout) => `Rollout/${rollout.metadata.name}`)];
  const pods = namespace === null ? [] : await fromPods(inventory, namespace, new Set(names));
  const instead = rollouts.flatMap((rollout) => rollout.spec.workloadRef?.name ?? []);
  return { candidates: [...taken.filter((one) => one !== null), ...pods], instead };
}

async function fromRollout(inventory: Inventory, rollout: Rollout): Promise<Candidate | null> {
  const { template, workloadRef } = rollout.spec;
  if (template !== undefined) return asRollout(rollout, template, rollout.spec.selector);
  if (workloadRef?.name === undefined) return null;
  const place = rollout.metadata.namespace ?? null;
  const deployment = await inventory.get<Workload>(resources.deployments, place, workloadRef.name);
  if (deployment === null || deployment === 'forbidden') return null;
  return asRollout(rollout, deployment.spec.template, rollout.spec.selector ?? deployment.spec.selector);
}

function asRollout(
  { metadata, spec: { replicas = 1 }, status = {} }: Rollout,
  template: Workload['spec']['template'],
  selector: LabelSelector = {},
): Candidate {
  return { kind: 'Rollout', workload: { metadata, spec: { replicas, selector, template }, status } };
}

/** Pods that look like Langfuse and that nothing known controls, gathered by who does. */
async function fromPods(
  inventory: Inventory,
  namespace: string,
  known: ReadonlySet<string>,
): Promise<Candidate[]> {
  const all = await inventory.list<Pod>(resources.pods, namespace);
  const pods = all.filter((pod) => pod.spec.containers.some((one) => mayBeLangfuse(one, pod.metadata)));
  const groups = new Map<string, { readonly owner: Owner; readonly pods: Pod[] }>();
  for (const pod of pods) {
    const owner = await ownerOfPod(inventory, namespace, pod);
    const key = owner === null ? '' : `${owner.ref.kind}/${owner.ref.name}`;
    if (owner === null || known.has(key)) continue;
    const group = groups.get(key) ?? { owner, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ owner, pods: own }) => asWorkload(owner, own));
}

interface Owner {
  readonly ref: Pick<WorkloadRef, 'kind' | 'name'>;
  readonly meta: ObjectMeta;
  readonly replicas: number | null;
}

const controllerOf = ({ ownerReferences = [] }: ObjectMeta): OwnerReference | undefined =>
  ownerReferences.find((reference) => reference.controller === true);

/** Null for a Job's pod: a migration or a backup, not the service. */
async function ownerOfPod(inventory: Inventory, namespace: string, pod: Pod): Promise<Owner | null> {
  const owner = controllerOf(pod.metadata);
  switch (owner?.kind) {
    case undefined:
    case 'Node':
      return { ref: { kind: 'Pod', name: pod.metadata.name }, meta: pod.metadata, replicas: 1 };
    case 'ReplicaSet':
      return await aboveReplicaSet(inventory, namespace, owner?.name ?? '', pod);
    case 'StatefulSet':
    case 'DaemonSet':
      return { ref: { kind: owner?.kind, name: owner?.name ?? '' }, meta: pod.metadata, replicas: null };
    default:
      return null;
  }
}

async function aboveReplicaSet(
  inventory: Inventory,
  namespace: string,
  name: string,
  pod: Pod,
): Promise<Owner> {
  const set = await inventory.get<Workload>(resources.replicaSets, namespace, name);
  if (set === null || set === 'forbidden')
    return { ref: { kind: 'ReplicaSet', name }, meta: pod.metadata, replicas: null };
  const above = controllerOf(set.metadata);
  const replicas = set.spec.replicas ?? null;
  if (above?.kind === 'Deployment' || above?.kind === 'Rollout')
    return { ref: { kind: above.kind, name: above.name }, meta: set.metadata, replicas };
  return { ref: { kind: 'ReplicaSet', name }, meta: set.metadata, replicas };
}

/** What the unseen workload must look like, by its pods. */
function asWorkload({ ref, meta, replicas }: Owner, pods: readonly Pod[]): Candidate {
  const [first] = pods;
  if (first === undefined) throw new TypeError('a group has at least one pod');
  const { name: _name, ...metadata } = first.metadata;
  const readyReplicas = pods.filter(isReady).length;
  return {
    kind: ref.kind,
    pods,
    workload: {
      metadata: { ...meta, name: ref.name },
      spec: { replicas: replicas ?? pods.length, template: { metadata, spec: first.spec } },
      status: { replicas: pods.length, readyReplicas },
    },
  };
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}
