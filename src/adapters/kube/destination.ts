import { isIP } from 'node:net';
import { LfctlError } from '../../errors/error.ts';
import type { Endpoints, Pod, Service } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubePort } from '../../ports/kube.ts';
import { DialError } from '../net/network-error.ts';
import type { ClusterName } from './cluster-name.ts';
import { clusterName, isPrivateAddress } from './cluster-name.ts';

/** Where a host name of the deployment really leads. */
export type Destination =
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string; readonly port: number }
  | { readonly kind: 'direct'; readonly host: string; readonly port: number };

/**
 * Follows a host name as the cluster's own name service and proxies would: Service, ready pod, target port.
 * @throws DialError ECONNREFUSED without a ready pod or for a port the Service does not have,
 * ENOTFOUND for a name that can only be a Service and is none; LfctlError KUBE_*
 */
export async function destinationOf(
  kube: KubePort,
  defaultNamespace: string,
  host: string,
  port: number,
): Promise<Destination> {
  if (isIP(host) !== 0) return await byAddress(kube, defaultNamespace, host, port);
  const near = await podBeside(kube, defaultNamespace, host, port);
  if (near !== null) return near;
  const name = clusterName(host, defaultNamespace);
  if (name === null) return { kind: 'direct', host, port };
  const service = await serviceOf(kube, name);
  if (service !== null) return await throughService(kube, service, name, port);
  if (name.certain)
    throw new DialError('ENOTFOUND', `there is no Service ${name.service} in namespace ${name.namespace}`);
  return { kind: 'direct', host, port };
}

/** `redis-0.redis-headless` is first a pod of a headless Service of one's own namespace: the first search domain. */
async function podBeside(
  kube: KubePort,
  namespace: string,
  host: string,
  port: number,
): Promise<Destination | null> {
  const [pod, service, ...rest] = host.toLowerCase().split('.');
  if (pod === undefined || service === undefined || service === '' || rest.length > 0) return null;
  const name: ClusterName = { service, namespace, pod, certain: false };
  const found = await serviceOf(kube, name);
  return found?.spec.clusterIP === 'None' ? await throughNamedPod(kube, name, pod, port) : null;
}

/** A name such as db.example.com is asked for too; that its "namespace" is forbidden says that it is no Service of ours. */
async function serviceOf(kube: KubePort, name: ClusterName): Promise<Service | null> {
  try {
    return await kube.get<Service>(resources.services, name.namespace, name.service);
  } catch (error) {
    if (!name.certain && error instanceof LfctlError && error.code === 'KUBE_FORBIDDEN') return null;
    throw error;
  }
}

async function throughService(
  kube: KubePort,
  service: Service,
  name: ClusterName,
  port: number,
): Promise<Destination> {
  const { externalName, selector, type } = service.spec;
  if (type === 'ExternalName') return { kind: 'direct', host: externalName ?? name.service, port };
  if (name.pod !== null) return await throughNamedPod(kube, name, name.pod, port);
  const target = targetPort(service, port);
  if (selector === undefined || Object.keys(selector).length === 0)
    return await throughEndpoints(kube, service, name, port);
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const pods = await kube.list<Pod>(resources.pods, { namespace: name.namespace, labelSelector });
  const pod = pods.find(isReady);
  if (pod === undefined) throw noReadyPod(name, pods);
  return destination(pod, name.namespace, namedPort(pod, target));
}

/** `pod.svc.ns`: DNS has it for a pod whose hostname and subdomain say so; StatefulSets use the pod's own name. */
async function throughNamedPod(
  kube: KubePort,
  name: ClusterName,
  podName: string,
  port: number,
): Promise<Destination> {
  const pod = await kube.get<Pod>(resources.pods, name.namespace, podName);
  if (pod === null)
    throw new DialError('ENOTFOUND', `there is no pod ${podName} in namespace ${name.namespace}`);
  if (!isReady(pod)) throw noReadyPod(name, [pod]);
  return destination(pod, name.namespace, port);
}

/** A Service without selector leads where its hand-written Endpoints say. */
async function throughEndpoints(
  kube: KubePort,
  service: Service,
  name: ClusterName,
  port: number,
): Promise<Destination> {
  const endpoints = await kube.get<Endpoints>(resources.endpoints, name.namespace, name.service);
  const portName = service.spec.ports?.find((one) => one.port === port)?.name;
  const subset = endpoints?.subsets?.find((one) => (one.addresses?.length ?? 0) > 0);
  const address = subset?.addresses?.[0];
  if (address === undefined)
    throw new DialError('ECONNREFUSED', `Service ${name.namespace}/${name.service} has no endpoints`);
  const ports = subset?.ports ?? [];
  const target = (ports.find((one) => one.name === portName) ?? ports[0])?.port ?? port;
  const pod = address.targetRef?.kind === 'Pod' ? address.targetRef.name : undefined;
  if (pod !== undefined) return { kind: 'pod', namespace: name.namespace, pod, port: target };
  return { kind: 'direct', host: address.ip, port: target };
}

/** The pod or Service that has this address; an address of neither is outside of the cluster. */
async function byAddress(
  kube: KubePort,
  namespace: string,
  host: string,
  port: number,
): Promise<Destination> {
  if (!isPrivateAddress(host)) return await byLocalAddress(kube, namespace, host, port);
  const pod = await podAt(kube, host, namespace);
  if (pod !== null) return destination(pod, pod.metadata.namespace ?? namespace, port);
  const services = await kube.list<Service>(resources.services, { namespace });
  const service = services.find((one) => one.spec.clusterIP === host);
  if (service === undefined) return { kind: 'direct', host, port };
  const name = { service: service.metadata.name, namespace, pod: null, certain: true };
  return await throughService(kube, service, name, port);
}

/** Loopback addresses are this machine's, except where a cluster runs on it and gives them to pods. */
async function byLocalAddress(
  kube: KubePort,
  namespace: string,
  host: string,
  port: number,
): Promise<Destination> {
  const direct: Destination = { kind: 'direct', host, port };
  if (!host.startsWith('127.') || host === '127.0.0.1') return direct;
  const pod = await podAt(kube, host, namespace);
  return pod === null ? direct : destination(pod, pod.metadata.namespace ?? namespace, port);
}

async function podAt(kube: KubePort, address: string, namespace: string): Promise<Pod | null> {
  const fieldSelector = `status.podIP=${address}`;
  for (const where of [{ namespace }, {}]) {
    const pods = await listOrNone(kube, { ...where, fieldSelector });
    const pod = pods.find((one) => one.status?.podIP === address);
    if (pod !== undefined) return pod;
  }
  return null;
}

async function listOrNone(
  kube: KubePort,
  options: { namespace?: string; fieldSelector: string },
): Promise<Pod[]> {
  try {
    return await kube.list<Pod>(resources.pods, options);
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'KUBE_FORBIDDEN') return [];
    throw error;
  }
}

function destination(pod: Pod, namespace: string, port: number): Destination {
  return { kind: 'pod', namespace, pod: pod.metadata.name, port };
}

function isReady(pod: Pod): boolean {
  const ready = pod.status?.conditions?.find((one) => one.type === 'Ready');
  return ready?.status === 'True' && pod.metadata.deletionTimestamp === undefined;
}

function targetPort(service: Service, port: number): number | string {
  const { ports, clusterIP } = service.spec;
  const found = ports?.find((one) => one.port === port);
  if (found !== undefined) return found.targetPort ?? found.port;
  // A headless name resolves to the pods themselves, whose ports are all there.
  if (clusterIP === 'None') return port;
  const { namespace, name } = service.metadata;
  const has = (ports ?? []).map((one) => one.port).join(', ') || 'none';
  throw new DialError('ECONNREFUSED', `Service ${namespace}/${name} has no port ${port} (it has ${has})`);
}

function namedPort(pod: Pod, target: number | string): number {
  if (typeof target === 'number') return target;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const port = containers.flatMap((one) => one.ports ?? []).find((one) => one.name === target);
  if (port !== undefined) return port.containerPort;
  throw new DialError('ECONNREFUSED', `pod ${pod.metadata.name} has no container port named ${target}`);
}

function noReadyPod(name: ClusterName, pods: readonly Pod[]): DialError {
  const which = pods.length === 0 ? 'no pod' : `no ready pod (${pods.length} not ready)`;
  return new DialError('ECONNREFUSED', `${which} behind Service ${name.namespace}/${name.service}`);
}
