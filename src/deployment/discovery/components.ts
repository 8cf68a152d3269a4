import type { Container, Pod, PodTemplate, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import { tagVersion } from '../image.ts';
import type { Component, ResolvedEnv, Role, WorkloadRef } from '../model.ts';
import { envText, resolveEnv } from '../resolve-env.ts';
import type { Inventory } from './inventory.ts';
import type { Recognised } from './recognise.ts';
import { mayBeLangfuse, recognise } from './recognise.ts';

/** A component together with the labels that tell its release and owner. */
export interface Found {
  readonly component: Component;
  readonly score: number;
  readonly workload: Workload;
}

/** All web and worker workloads of a namespace (null: of all namespaces that may be listed). */
export async function findComponents(inventory: Inventory, namespace: string | null): Promise<Found[]> {
  const kinds = [
    ['Deployment', resources.deployments],
    ['StatefulSet', resources.statefulSets],
    ['DaemonSet', resources.daemonSets],
  ] as const;
  const lists = await Promise.all(
    kinds.map(async ([kind, resource]) =>
      (await inventory.list<Workload>(resource, namespace)).map((workload) => ({ kind, workload })),
    ),
  );
  const found = await Promise.all(
    lists.flat().map(({ kind, workload }) => examine(inventory, kind, workload)),
  );
  return found.filter((item): item is Found => item !== null);
}

async function examine(
  inventory: Inventory,
  kind: WorkloadRef['kind'],
  workload: Workload,
): Promise<Found | null> {
  const namespace = workload.metadata.namespace ?? 'default';
  const template: PodTemplate = workload.spec.template;
  const lookups = inventory.lookups(namespace);
  let best: { container: Container; env: ResolvedEnv; recognised: Recognised } | null = null;
  const meta = template.metadata ?? {};
  for (const container of template.spec.containers.filter((one) => mayBeLangfuse(one, meta))) {
    const plain = await resolveEnv(container, lookups, { 'metadata.namespace': namespace });
    const recognised = recognise(container, plain, meta);
    if (recognised !== null && (best === null || recognised.score > best.recognised.score))
      best = { container, env: plain, recognised };
  }
  if (best === null) return null;
  const pods = await podsOf(inventory, workload);
  const ref: WorkloadRef = { kind, namespace, name: workload.metadata.name };
  return { component: toComponent(ref, best, workload, pods), score: best.recognised.score, workload };
}

function toComponent(
  workload: WorkloadRef,
  best: { container: Container; env: ResolvedEnv; recognised: Recognised },
  object: Workload,
  pods: readonly Pod[],
): Component {
  const { container, env, recognised } = best;
  const image = container.image ?? '';
  return {
    role: recognised.role,
    workload,
    container: container.name,
    image,
    imageVersion: tagVersion(image),
    desiredReplicas: object.spec.replicas ?? 1,
    readyReplicas: object.status?.readyReplicas ?? 0,
    pods: pods.map((pod) => pod.metadata.name),
    port: listenPort(container, env, recognised.role),
    env,
    evidence: recognised.evidence,
  };
}

/** The port the process listens on: PORT decides, not what the manifest declares. */
function listenPort(container: Container, env: ResolvedEnv, role: Role): number {
  const fromEnv = Number(envText(env, 'PORT'));
  if (Number.isInteger(fromEnv) && fromEnv > 0) return fromEnv;
  const usual = role === 'web' ? 3000 : 3030;
  const declared = (container.ports ?? []).map((port) => port.containerPort);
  return declared.includes(usual) || declared.length !== 1 ? usual : (declared[0] ?? usual);
}

/** Pods that the workload's selector matches, newest first. */
export async function podsOf(inventory: Inventory, workload: Workload): Promise<Pod[]> {
  const wanted = Object.entries(workload.spec.selector?.matchLabels ?? {});
  if (wanted.length === 0) return [];
  const pods = await inventory.list<Pod>(resources.pods, workload.metadata.namespace ?? null);
  return pods
    .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
    .toSorted((left, right) =>
      (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? ''),
    );
}
