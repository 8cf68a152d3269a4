import type { Container, Pod, PodTemplate, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import { imageName, tagVersion } from '../image.ts';
import type { Component, Confidence, ResolvedEnv, Role, WorkloadRef } from '../model.ts';
import { envText, resolveEnv } from '../resolve-env.ts';
import type { Inventory } from './inventory.ts';
import { newestFirst, podsOf } from './pods.ts';
import type { Recognised } from './recognise.ts';
import { mayBeLangfuse, recognise } from './recognise.ts';
import type { Candidate } from './unlisted.ts';
import { findUnlisted } from './unlisted.ts';

/** A component together with the labels that tell its release and owner. */
export interface Found {
  readonly component: Component;
  readonly confidence: Confidence;
  readonly score: number;
  readonly workload: Workload;
}

/**
 * All web and worker workloads of a namespace (null: of all namespaces that may be listed). Where no web is among
 * them, it may be run by something else than Kubernetes' own kinds, or these may not be listed.
 */
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
  const found = await examineAll(inventory, lists.flat());
  if (found.some(({ component }) => component.role === 'web' && component.desiredReplicas > 0)) return found;
  const known = new Set(lists.flat().map(({ kind, workload }) => `${kind}/${workload.metadata.name}`));
  const { candidates, instead } = await findUnlisted(inventory, namespace, known);
  const more = await examineAll(inventory, candidates);
  return [...found.filter(({ component }) => !instead.includes(component.workload.name)), ...more];
}

async function examineAll(inventory: Inventory, candidates: readonly Candidate[]): Promise<Found[]> {
  const found = await Promise.all(candidates.map((candidate) => examine(inventory, candidate)));
  return found.filter((item): item is Found => item !== null);
}

async function examine(inventory: Inventory, { kind, workload, pods }: Candidate): Promise<Found | null> {
  const namespace = workload.metadata.namespace ?? 'default';
  const template: PodTemplate = workload.spec.template;
  const lookups = inventory.lookups(namespace);
  let best: { container: Container; env: ResolvedEnv; recognised: Recognised } | null = null;
  const meta = template.metadata ?? {};
  for (const container of template.spec.containers.filter((one) => mayBeLangfuse(one, meta))) {
    const env = await resolveEnv(container, lookups, { 'metadata.namespace': namespace });
    const recognised = recognise(container, env, meta);
    if (recognised !== null && (best === null || recognised.score > best.recognised.score))
      best = { container, env, recognised };
  }
  if (best === null) return null;
  const own = pods === undefined ? await podsOf(inventory, workload) : newestFirst(pods);
  const ref: WorkloadRef = { kind, namespace, name: workload.metadata.name };
  const { score, confidence } = best.recognised;
  return { component: toComponent(ref, best, workload, own), confidence, score, workload };
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
    // The tag of an image of one's own making may count something else.
    imageVersion: imageName(image) === null ? null : tagVersion(image),
    desiredReplicas: object.spec.replicas ?? 1,
    readyReplicas: object.status?.readyReplicas ?? 0,
    pods: pods.map((pod) => pod.metadata.name),
    port: listenPort(container, env, recognised.role),
    env,
    evidence: recognised.evidence,
  };
}

/**
 * The port the process listens on: PORT, which Langfuse's images set themselves (ENV in web/Dockerfile and
 * worker/Dockerfile). What a manifest declares changes nothing, and is a hint for images of one's own alone.
 */
function listenPort(container: Container, env: ResolvedEnv, role: Role): number {
  const fromEnv = Number(envText(env, 'PORT'));
  if (Number.isInteger(fromEnv) && fromEnv > 0) return fromEnv;
  const usual = role === 'web' ? 3000 : 3030;
  const likeness = imageName(container.image ?? '')?.likeness;
  if (likeness === 'official' || likeness === 'mirror') return usual;
  const declared = (container.ports ?? []).map((port) => port.containerPort);
  return declared.includes(usual) || declared.length !== 1 ? usual : (declared[0] ?? usual);
}
