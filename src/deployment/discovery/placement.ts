import { isIP } from 'node:net';
import type { KubeObject, Service } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Placement } from '../model.ts';
import type { Inventory } from './inventory.ts';

/** Tells whether a host of an address is a Service of this cluster, and which. */
export async function placeHost(inventory: Inventory, host: string, namespace: string): Promise<Placement> {
  if (/^(localhost|127\.|::1$)/.test(host))
    return { kind: 'unknown', why: 'the pod itself: a proxy beside Langfuse answers there' };
  if (isIP(host) !== 0) return await placeAddress(inventory, host, namespace);
  const parts = serviceName(host, namespace);
  if (parts === null) return { kind: 'external' };
  const service = await inventory.get<Service>(resources.services, parts.namespace, parts.service);
  if (service === 'forbidden')
    return { kind: 'unknown', why: `forbidden: get services in ${parts.namespace}` };
  if (service !== null) return { kind: 'service', namespace: parts.namespace, service: parts.service };
  return await notAService(inventory, parts);
}

interface Candidate {
  readonly namespace: string;
  readonly service: string;
  /** False for names such as `db.example` that may be public, and for domains that may be another cluster's. */
  readonly certain: boolean;
}

/**
 * Reads `svc`, `svc.ns`, `svc.ns.svc`, `svc.ns.svc.cluster.local` and StatefulSet names `pod.svc.ns.svc…`.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
function serviceName(host: string, namespace: string): Candidate | null {
  const labels = host.replace(/\.$/, '').split('.');
  const svc = labels.indexOf('svc');
  const domain = labels.slice(svc + 1).join('.');
  if (svc >= 2)
    return candidate(labels[svc - 2], labels[svc - 1], domain === '' || domain === 'cluster.local');
  if (labels.length === 1) return candidate(labels[0], namespace, true);
  if (labels.length === 2) return candidate(labels[0], labels[1], false);
  return null;
}

function candidate(
  service: string | undefined,
  namespace: string | undefined,
  certain: boolean,
): Candidate | null {
  return service === undefined || namespace === undefined ? null : { service, namespace, certain };
}

async function notAService(inventory: Inventory, parts: Candidate): Promise<Placement> {
  const missing: Placement = { kind: 'no-service', namespace: parts.namespace, service: parts.service };
  if (parts.certain) return missing;
  const namespace = await inventory.get<KubeObject>(resources.namespaces, null, parts.namespace);
  return namespace === null ? { kind: 'external' } : missing;
}

async function placeAddress(inventory: Inventory, host: string, namespace: string): Promise<Placement> {
  const services = await inventory.list<Service>(resources.services, namespace);
  const match = services.find((service) => service.spec.clusterIP === host);
  if (match === undefined && inventory.forbidden(resources.services, namespace))
    return { kind: 'unknown', why: `forbidden: list services in ${namespace}` };
  return match === undefined
    ? { kind: 'external' }
    : { kind: 'service', namespace, service: match.metadata.name };
}
