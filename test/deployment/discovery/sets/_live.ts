/** Layouts of the sandbox with the objects that Kubernetes' controllers would add. */
import { fileURLToPath } from 'node:url';
import type { Generation } from '../../../../src/deployment/model.ts';
import type { KubeObject, OwnerReference, Pod, Workload } from '../../../../src/ports/kube-objects.ts';
import type { LayoutName, LayoutOwner, SandboxNames, WriteMode } from '../../../../src/sandbox/fault.ts';
import { buildLayout, sandboxVersions } from '../../../../src/sandbox/layouts/index.ts';
import { seededSecrets } from '../../../../src/sandbox/layouts/secrets.ts';
import type { FakeCluster } from '../../fake-kube.ts';
import type { Objects } from './_set.ts';
import { add } from './_set.ts';

const templatesFolder = fileURLToPath(new URL('../../../../templates/sandbox', import.meta.url));
const now = new Date('2026-11-21T12:00:00Z');

export interface LiveLayout {
  readonly names: SandboxNames;
  readonly publicHost: string;
  readonly cluster: FakeCluster & { readonly objects: Objects };
}

/** A layout with its pods, and what it says of itself. */
export async function liveLayout(
  name: LayoutName,
  generation: Generation,
  more: { readonly owner?: LayoutOwner | null; readonly writeMode?: WriteMode | null } = {},
): Promise<LiveLayout> {
  const { names, publicHost, stages } = await buildLayout(name, {
    generation,
    version: sandboxVersions[generation],
    writeMode: more.writeMode ?? null,
    owner: more.owner ?? null,
    secrets: seededSecrets('discovery'),
    templatesFolder,
    now,
  });
  const objects: Objects = {};
  for (const { resource, object } of stages.flatMap((stage) => stage.objects))
    add(objects, resource.plural, object);
  return { names, publicHost, cluster: { objects: running(objects), namespace: 'default' } };
}

/** What controllers make of the workloads: ReplicaSets, pods that are ready, and counts. */
export function running(objects: Objects): Objects {
  const made: Objects = { ...objects };
  for (const kind of ['Deployment', 'StatefulSet', 'Rollout'] as const) {
    const plural = `${kind.toLowerCase()}s`;
    const workloads = (objects[plural] ?? []) as Workload[];
    made[plural] = workloads.map(withStatus);
    for (const one of workloads) addPods(made, kind, one);
  }
  return made;
}

function withStatus(workload: Workload): Workload {
  const replicas = workload.spec.replicas ?? 1;
  return { ...workload, status: { replicas, readyReplicas: replicas } };
}

function addPods(objects: Objects, kind: 'Deployment' | 'StatefulSet' | 'Rollout', workload: Workload): void {
  const { name } = workload.metadata;
  const count = workload.spec.replicas ?? 1;
  if (kind === 'StatefulSet') {
    const pods = indexes(count).map((index) =>
      podOf(workload, `${name}-${index}`, owner('StatefulSet', name)),
    );
    add(objects, 'pods', ...pods);
    return;
  }
  const hash = '6f9d8b7c4';
  const { metadata, spec } = workload;
  const meta = {
    name: `${name}-${hash}`,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
  // A ReplicaSet has its Deployment's annotations, and the labels of its template.
  const { annotations } = metadata;
  const set: Workload = {
    metadata: {
      ...(annotations === undefined ? {} : { annotations }),
      ...meta,
      labels: { ...spec.template.metadata?.labels },
      ownerReferences: [owner(kind, name)],
    },
    spec,
    status: { replicas: count, readyReplicas: count },
  };
  add(objects, 'replicasets', set);
  const label = kind === 'Rollout' ? 'rollouts-pod-template-hash' : 'pod-template-hash';
  const pods = indexes(count).map((index) =>
    podOf(workload, `${name}-${hash}-${'bcdfg'[index] ?? 'x'}2x9q`, owner('ReplicaSet', meta.name), {
      [label]: hash,
    }),
  );
  add(objects, 'pods', ...pods);
}

const indexes = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const owner = (kind: string, name: string): OwnerReference => ({
  apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
  kind,
  name,
  uid: `${kind}-${name}`,
  controller: true,
});

function podOf(
  workload: Workload,
  name: string,
  controller: OwnerReference,
  labels: Readonly<Record<string, string>> = {},
): Pod {
  const { template } = workload.spec;
  const { namespace } = workload.metadata;
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels, ...labels },
      creationTimestamp: now.toISOString(),
      ownerReferences: [controller],
    },
    spec: template.spec,
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** Any object, for kinds that have no type of ours. */
export const object = (
  name: string,
  namespace: string,
  more: Readonly<Record<string, unknown>>,
  meta: Partial<KubeObject['metadata']> = {},
): KubeObject => ({ metadata: { name, namespace, ...meta }, ...more });
