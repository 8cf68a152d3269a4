import { resources } from '../../../ports/kube-resources.ts';
import type { KubePort } from '../../../ports/kube.ts';
import type { Deployment, Placement } from '../../../deployment/model.ts';
import type { Container, Pod, Service } from '../../../ports/kube-objects.ts';
import { LfctlError } from '../../../errors/error.ts';
import { defineFact } from '../../fact.ts';
import type { ContainerView, PodPart, PodView } from '../../views.ts';

/** Every pod of the deployment: web, worker, its in-cluster stores and LiteLLM, with the state of each container. */
export const kubePodsFact = defineFact({
  id: 'kube/pods',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly PodView[]> => {
    const deployment = await context.deployment();
    const kube = await context.ports.kube();
    const groups = await Promise.all(partsOf(deployment).map(async (part) => await visiblePods(kube, part)));
    const seen = new Set<string>();
    return groups.flat().filter((pod) => {
      const key = `${pod.namespace}/${pod.name}`;
      return seen.has(key) ? false : (seen.add(key), true);
    });
  },
});

interface Part {
  readonly part: PodPart;
  readonly namespace: string;
  readonly workload: string;
  readonly container: string | null;
  readonly names: readonly string[] | null;
  readonly service: string | null;
}

function partsOf(deployment: Deployment): Part[] {
  const { stores } = deployment;
  return [
    ...deployment.components.map((one): Part => ({
      part: one.role,
      namespace: one.workload.namespace,
      workload: `${one.workload.kind.toLowerCase()}/${one.workload.name}`,
      container: one.container,
      names: one.pods,
      service: null,
    })),
    ...storePart('postgres', stores.postgres.placement),
    ...storePart('clickhouse', stores.clickhouse.placement),
    ...storePart('redis', stores.redis.placement),
    ...storePart('objects', stores.eventBucket.placement),
    ...deployment.liteLlm.map((one): Part => ({
      part: 'litellm',
      namespace: one.workload.namespace,
      workload: `deployment/${one.workload.name}`,
      container: one.container,
      names: one.pods,
      service: null,
    })),
  ];
}

function storePart(part: PodPart, placement: Placement): Part[] {
  if (placement.kind !== 'service') return [];
  const { namespace, service } = placement;
  return [{ part, namespace, workload: `service/${service}`, container: null, names: null, service }];
}

/** Pods of a store or neighbour in a namespace that may not be read are left out; web's and the worker's must be seen. */
async function visiblePods(kube: KubePort, part: Part): Promise<PodView[]> {
  try {
    return await podsOfPart(kube, part);
  } catch (error) {
    const own = part.part === 'web' || part.part === 'worker';
    if (own || !(error instanceof LfctlError) || error.code !== 'KUBE_FORBIDDEN') throw error;
    return [];
  }
}

async function podsOfPart(kube: KubePort, part: Part): Promise<PodView[]> {
  const pods = await kube.list<Pod>(resources.pods, { namespace: part.namespace });
  if (part.service === null)
    return pods.filter((pod) => part.names?.includes(pod.metadata.name)).map((pod) => toView(pod, part));
  const service = await kube.get<Service>(resources.services, part.namespace, part.service);
  const selector = Object.entries(service?.spec.selector ?? {});
  if (selector.length === 0) return [];
  return pods
    .filter((pod) => selector.every(([key, value]) => pod.metadata.labels?.[key] === value))
    .map((pod) => toView(pod, part));
}

function toView(pod: Pod, part: Part): PodView {
  const conditions = pod.status?.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const scheduled = conditions.find((condition) => condition.type === 'PodScheduled');
  const owner = pod.metadata.ownerReferences?.[0];
  return {
    part: part.part,
    namespace: part.namespace,
    name: pod.metadata.name,
    phase: pod.status?.phase ?? 'Unknown',
    ready: ready?.status === 'True',
    readySince: ready?.status === 'True' ? (ready.lastTransitionTime ?? null) : null,
    deleting: pod.metadata.deletionTimestamp !== undefined,
    startedAt: pod.status?.startTime ?? null,
    ip: pod.status?.podIP ?? null,
    node: pod.spec.nodeName ?? null,
    containers: pod.spec.containers.map((container) => containerView(pod, container, part)),
    workload:
      part.service === null || owner === undefined
        ? part.workload
        : `${owner.kind.toLowerCase()}/${owner.name}`,
    unschedulable: scheduled?.status === 'False' ? (scheduled.message ?? scheduled.reason ?? '') : null,
  };
}

function containerView(pod: Pod, container: Container, part: Part): ContainerView {
  const status = pod.status?.containerStatuses?.find((one) => one.name === container.name);
  const first = pod.spec.containers[0]?.name === container.name;
  return {
    name: container.name,
    image: container.image ?? '',
    main: part.container === null ? first : container.name === part.container,
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    state: status?.state ?? {},
    lastState: status?.lastState ?? {},
  };
}
