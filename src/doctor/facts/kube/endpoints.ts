import type { Placement } from '../../../deployment/model.ts';
import type { KubePort } from '../../../ports/kube.ts';
import type { Pod, Service, Workload } from '../../../ports/kube-objects.ts';
import { resources } from '../../../ports/kube-resources.ts';
import { LfctlError } from '../../../errors/error.ts';
import { defineFact } from '../../fact.ts';
import type { EndpointView, PodPart } from '../../views.ts';

/** The Services that Langfuse's addresses name, with the pods that would answer. */
export const kubeEndpointsFact = defineFact({
  id: 'kube/endpoints',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly EndpointView[]> => {
    const { stores, webServices } = await context.deployment();
    const kube = await context.ports.kube();
    const places: [PodPart, Placement][] = [
      ['postgres', stores.postgres.placement],
      ['clickhouse', stores.clickhouse.placement],
      ['redis', stores.redis.placement],
      ['objects', stores.eventBucket.placement],
    ];
    for (const { namespace, name } of webServices)
      places.push(['web', { kind: 'service', namespace, service: name }]);
    const views = await Promise.all(
      places.map(async ([part, placement]) => await visible(kube, part, placement)),
    );
    return views.filter((view) => view !== null);
  },
});

/** A namespace that may not be read says nothing of its Services; the others still count. */
async function visible(kube: KubePort, part: PodPart, placement: Placement): Promise<EndpointView | null> {
  try {
    return await look(kube, part, placement);
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'KUBE_FORBIDDEN') return null;
    throw error;
  }
}

async function look(kube: KubePort, part: PodPart, placement: Placement): Promise<EndpointView | null> {
  if (placement.kind !== 'service' && placement.kind !== 'no-service') return null;
  const { namespace, service: name } = placement;
  const view = { part, namespace, service: name, readyPods: [], notReadyPods: [], workload: null };
  const service = await kube.get<Service>(resources.services, namespace, name);
  if (service === null) return { ...view, exists: false, external: false };
  const selector = Object.entries(service.spec.selector ?? {});
  if (selector.length === 0) return { ...view, exists: true, external: true };
  const pods = (await kube.list<Pod>(resources.pods, { namespace })).filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
  );
  const names = (ready: boolean): string[] =>
    pods.filter((pod) => isReady(pod) === ready).map((pod) => pod.metadata.name);
  const workload = await behind(kube, namespace, selector);
  return {
    ...view,
    exists: true,
    external: false,
    readyPods: names(true),
    notReadyPods: names(false),
    workload,
  };
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
}

/** The Deployment or StatefulSet whose pods the selector matches: scaled to zero it has no pod to tell its name. */
async function behind(
  kube: KubePort,
  namespace: string,
  selector: readonly (readonly [string, string])[],
): Promise<EndpointView['workload']> {
  for (const [kind, resource] of [
    ['StatefulSet', resources.statefulSets],
    ['Deployment', resources.deployments],
  ] as const) {
    const found = (await kube.list<Workload>(resource, { namespace })).find((workload) => {
      const labels = workload.spec.template.metadata?.labels ?? {};
      return selector.every(([key, value]) => labels[key] === value);
    });
    if (found !== undefined) return { kind, name: found.metadata.name, replicas: found.spec.replicas ?? 1 };
  }
  return null;
}
