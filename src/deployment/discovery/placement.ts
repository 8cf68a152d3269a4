import { isIP } from 'node:net';
import type { Endpoints, KubeObject, Service } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Placement } from '../model.ts';
import type { Inventory } from './inventory.ts';

/** Tells whether a host of an address is a Service of this cluster, and which. */
export async function placeHost(inventory: Inventory, host: string, namespace: string): Promise<Placement> {
  if (/^(localhost|127\.|::1$)/.test(host))
    return { kind: 'unknown', why: 'the pod itself: a proxy beside Langfuse answers there' };
  if (isIP(host) !== 0) return await placeAddress(inventory, host, namespace);
  const near = await podOfService(inventory, host, namespace);
  if (near !== null) return near;
  const parts = serviceName(host, namespace);
  if (parts === null) return { kind: 'external' };
  const read = parts.form === 'name.example.com' ? inventory.peek : inventory.get;
  const service = await read<Service>(resources.services, parts.namespace, parts.service);
  if (service === 'forbidden' && parts.form === 'name.example.com') return { kind: 'external' };
  if (service === 'forbidden')
    return { kind: 'unknown', why: `forbidden: get services in ${parts.namespace}` };
  if (service !== null) return await behindService(inventory, parts, service);
  return await notAService(inventory, parts);
}

/** `redis-0.redis-headless` is first looked for beside the pod: as a pod of a headless Service of its own namespace. */
async function podOfService(
  inventory: Inventory,
  host: string,
  namespace: string,
): Promise<Placement | null> {
  const [, name, ...rest] = host.split('.');
  if (name === undefined || rest.length > 0) return null;
  const service = await inventory.peek<Service>(resources.services, namespace, name);
  if (service === null || service === 'forbidden' || service.spec.clusterIP !== 'None') return null;
  return { kind: 'service', namespace, service: name };
}

/**
 * A Service may only hand on: to a name, or to addresses written by hand. Operators write them by hand too (Patroni
 * has its master's there), so those that are pods' are pods.
 */
async function behindService(inventory: Inventory, at: ServiceName, service: Service): Promise<Placement> {
  const { namespace, service: name } = at;
  const { type, externalName, selector = {} } = service.spec;
  if (type === 'ExternalName')
    return { kind: 'external', through: `Service ${namespace}/${name} (ExternalName ${externalName ?? ''})` };
  const inside: Placement = { kind: 'service', namespace, service: name };
  if (Object.keys(selector).length > 0) return inside;
  const endpoints = await inventory.peek<Endpoints>(resources.endpoints, namespace, name);
  if (endpoints === null || endpoints === 'forbidden') return inside;
  const addresses = (endpoints.subsets ?? []).flatMap((subset) => subset.addresses ?? []);
  if (addresses.length === 0 || addresses.some(({ targetRef }) => targetRef?.kind === 'Pod')) return inside;
  const ips = addresses.map(({ ip }) => ip).join(', ');
  return { kind: 'external', through: `Service ${namespace}/${name} (Endpoints ${ips})` };
}

interface ServiceName {
  readonly namespace: string;
  readonly service: string;
  /**
   * `certain` can be nothing else. `db.example` may be public, and `svc.example` another cluster's. Three labels are
   * mostly a public name, and a pod of a StatefulSet sometimes: no right is missed where they may not be looked up.
   */
  readonly form: 'certain' | 'name.example' | 'name.example.com';
}

/**
 * Reads `svc`, `svc.ns`, `pod.svc.ns`, `svc.ns.svc`, `svc.ns.svc.cluster.local` and StatefulSet names `pod.svc.ns.svc…`.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
function serviceName(host: string, namespace: string): ServiceName | null {
  const labels = host.replace(/\.$/, '').split('.');
  const svc = labels.indexOf('svc');
  const domain = labels.slice(svc + 1).join('.');
  if (svc >= 2)
    return candidate(
      labels[svc - 2],
      labels[svc - 1],
      domain === '' || domain === 'cluster.local' ? 'certain' : 'name.example',
    );
  if (labels.length === 1) return candidate(labels[0], namespace, 'certain');
  if (labels.length === 2) return candidate(labels[0], labels[1], 'name.example');
  return labels.length === 3 ? candidate(labels[1], labels[2], 'name.example.com') : null;
}

function candidate(
  service: string | undefined,
  namespace: string | undefined,
  form: ServiceName['form'],
): ServiceName | null {
  return service === undefined || namespace === undefined ? null : { service, namespace, form };
}

async function notAService(inventory: Inventory, parts: ServiceName): Promise<Placement> {
  const missing: Placement = { kind: 'no-service', namespace: parts.namespace, service: parts.service };
  if (parts.form === 'certain') return missing;
  if (parts.form === 'name.example.com') return { kind: 'external' };
  const namespace = await inventory.get<KubeObject>(resources.namespaces, null, parts.namespace);
  if (namespace === 'forbidden')
    return { kind: 'unknown', why: `forbidden: get namespaces, and ${parts.namespace} may be one` };
  return namespace === null ? { kind: 'external' } : missing;
}

async function placeAddress(inventory: Inventory, host: string, namespace: string): Promise<Placement> {
  const near = await inventory.list<Service>(resources.services, namespace);
  const known = near.find((service) => hasAddress(service, host));
  if (known !== undefined) return { kind: 'service', namespace, service: known.metadata.name };
  if (!isPrivate(host)) return { kind: 'external' };
  const all = await inventory.peekAll<Service>(resources.services);
  const match = all?.find((service) => hasAddress(service, host));
  if (match !== undefined)
    return { kind: 'service', namespace: match.metadata.namespace ?? '', service: match.metadata.name };
  if (all !== null) return { kind: 'external' };
  const where = inventory.forbidden(resources.services, namespace) ? namespace : 'other namespaces';
  return { kind: 'unknown', why: `forbidden: list services in ${where}` };
}

/** IPv6 has many spellings of one address. */
function hasAddress({ spec }: Service, host: string): boolean {
  const addresses = [spec.clusterIP, ...(spec.clusterIPs ?? [])].filter((one) => one !== undefined);
  return addresses.some((one) => canonical(one) === canonical(host));
}

function canonical(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
}

/** RFC 1918, RFC 6598 and RFC 4193: what Services may have. */
function isPrivate(host: string): boolean {
  if (isIP(host) === 6) return /^f[cd]/i.test(host);
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host);
}
