import { createHash } from 'node:crypto';
import type { KubeObject, Pod, Service, ServicePort } from '../../../ports/kube-objects.ts';
import { matchesLabels } from '../../../ports/label-selector.ts';
import { found, isFinished, isReady, kinds, listed } from '../kinds.ts';
import { type ControllerContext, replace } from './context.ts';
import { controllerReference } from './pod-template.ts';

/** Addresses of one Service that share the same ports. */
interface Subset {
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
  readonly pods: readonly Pod[];
}

/** Endpoints and an EndpointSlice for each Service with a selector. */
export function syncEndpoints(context: ControllerContext): void {
  const services = listed<Service>(context.store, kinds.services);
  for (const service of services) if (hasSelector(service)) writeEndpoints(context, service);
  removeLeftOvers(context, services);
}

function hasSelector(service: Service): boolean {
  return Object.keys(service.spec.selector ?? {}).length > 0;
}

function writeEndpoints(context: ControllerContext, service: Service): void {
  const pods = listed<Pod>(context.store, kinds.pods, service.metadata.namespace)
    .filter((pod) => matchesLabels({ matchLabels: service.spec.selector ?? {} }, pod.metadata.labels))
    .filter((pod) => (pod.status?.podIP ?? '') !== '' && !isFinished(pod))
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const subsets = group(service, pods);
  save(context, kinds.endpoints, endpointsObject(service, subsets));
  save(context, kinds.slices, sliceObject(service, subsets));
}

function save(
  { store }: ControllerContext,
  kind: typeof kinds.endpoints | typeof kinds.slices,
  object: KubeObject,
): void {
  const stored = found(store, kind, object.metadata.namespace ?? null, object.metadata.name);
  if (stored === null) store.create(kind, object);
  else replace(store, kind, { ...object, metadata: { ...stored.metadata, ...object.metadata } });
}

function group(service: Service, pods: readonly Pod[]): readonly Subset[] {
  const groups = new Map<string, { ports: Subset['ports']; pods: Pod[] }>();
  for (const pod of pods) {
    const ports = (service.spec.ports ?? []).flatMap((port) => targetOf(port, pod));
    const key = JSON.stringify(ports);
    const entry = groups.get(key) ?? { ports, pods: [] };
    entry.pods.push(pod);
    groups.set(key, entry);
  }
  return [...groups.values()].filter(({ ports }) => ports.length > 0);
}

function targetOf(port: ServicePort, pod: Pod): Subset['ports'] {
  const target = port.targetPort ?? port.port;
  const number =
    typeof target === 'number'
      ? target
      : pod.spec.containers.flatMap(({ ports }) => ports ?? []).find(({ name }) => name === target)
          ?.containerPort;
  if (number === undefined) return [];
  const named = port.name === undefined ? {} : { name: port.name };
  return [{ ...named, port: number, protocol: port.protocol ?? 'TCP' }];
}

function targetReference(pod: Pod): object {
  const { name, namespace, uid } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}

function address(pod: Pod): object {
  const { hostname } = pod.spec;
  return {
    ip: pod.status?.podIP,
    ...(hostname === undefined ? {} : { hostname }),
    nodeName: pod.spec.nodeName,
    targetRef: targetReference(pod),
  };
}

function endpointsObject(service: Service, subsets: readonly Subset[]): KubeObject {
  const { name, namespace = 'default', labels = {} } = service.metadata;
  const object = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      labels: { ...labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    },
    subsets: subsets.map(({ ports, pods }) => ({
      ...listUnlessEmpty('addresses', pods.filter(isReady).map(address)),
      ...listUnlessEmpty('notReadyAddresses', pods.filter((pod) => !isReady(pod)).map(address)),
      ports,
    })),
  };
  return object;
}

function listUnlessEmpty(key: string, values: readonly object[]): object {
  return values.length === 0 ? {} : { [key]: values };
}

function sliceName(service: Service): string {
  const hash = createHash('sha256')
    .update(service.metadata.uid ?? service.metadata.name)
    .digest('hex');
  return `${service.metadata.name}-${hash.slice(0, 5)}`;
}

function sliceObject(service: Service, subsets: readonly Subset[]): KubeObject {
  const { name, namespace = 'default', labels = {} } = service.metadata;
  const managed = 'endpointslice-controller.k8s.io';
  const object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: sliceName(service),
      namespace,
      labels: {
        ...labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': managed,
      },
      ownerReferences: [controllerReference(service, 'v1', 'Service')],
    },
    addressType: 'IPv4',
    endpoints: subsets.flatMap(({ pods }) => pods.map(sliceEndpoint)),
    ports: subsets[0]?.ports ?? [],
  };
  return object;
}

function sliceEndpoint(pod: Pod): object {
  const ready = isReady(pod);
  return {
    addresses: [pod.status?.podIP],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: pod.spec.nodeName,
    targetRef: targetReference(pod),
  };
}

/** Endpoints of Services that are gone, or that have lost their selector to an ExternalName. */
function removeLeftOvers({ store }: ControllerContext, services: readonly Service[]): void {
  const names = new Set(services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  for (const endpoints of listed<KubeObject>(store, kinds.endpoints)) {
    const { namespace, name, labels } = endpoints.metadata;
    const managed = labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller';
    if (managed && !names.has(`${namespace}/${name}`)) store.remove(kinds.endpoints, namespace ?? null, name);
  }
}
