import { isIP } from 'node:net';
import type { Pod, Service } from '../../../ports/kube-objects.ts';
import { matchesLabels } from '../../../ports/label-selector.ts';
import { found, kinds, listed, type ScheduledPod } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { isHeadless, readyAddresses } from './services.ts';

/** What a name stands for: addresses, and what is behind them for NetworkPolicies. */
export interface NameTarget {
  readonly addresses: readonly string[];
  readonly pods: readonly Pod[];
  /** Ports a client may use with this name, and the pods' ports behind them. */
  readonly ports: readonly number[];
  readonly targetPorts: readonly number[];
}

const domain = 'svc.cluster.local';

/** Answers as the cluster's DNS would with a pod's search list; null is NXDOMAIN. */
export function lookUp(store: ObjectStore, hostname: string, namespace: string, hops = 0): NameTarget | null {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  for (const [service, inNamespace, pod] of candidates(name, namespace)) {
    const object = found<Service>(store, kinds.services, inNamespace, service);
    if (object === null) continue;
    const target = pod === null ? serviceTarget(store, object, hops) : podTarget(store, object, pod);
    if (target !== null) return target;
  }
  return null;
}

/** [service, namespace, pod name or null] that a name can mean. */
function candidates(name: string, namespace: string): readonly (readonly [string, string, string | null])[] {
  const parts = stripDomain(name).split('.');
  const [first = '', second, third] = parts;
  if (parts.length === 1) return [[first, namespace, null]];
  if (parts.length === 2 && second !== undefined)
    return name.endsWith('.svc') || name.endsWith(`.${domain}`)
      ? [[first, second, null]]
      : [
          [first, second, null],
          [second, namespace, first],
        ];
  if (parts.length === 3 && second !== undefined && third !== undefined) return [[second, third, first]];
  return [];
}

function stripDomain(name: string): string {
  for (const suffix of [`.${domain}`, '.svc'])
    if (name.endsWith(suffix)) return name.slice(0, -suffix.length);
  return name;
}

function serviceTarget(store: ObjectStore, service: Service, hops: number): NameTarget | null {
  if (service.spec.type === 'ExternalName') return externalTarget(store, service, hops);
  const pods = podsBehind(store, service);
  const ports = (service.spec.ports ?? []).map(({ port }) => port);
  const targetPorts = (service.spec.ports ?? []).flatMap((port) =>
    targetPortsOf(port.targetPort ?? port.port, pods),
  );
  const addresses = isHeadless(service) ? readyAddresses(store, service) : [service.spec.clusterIP ?? ''];
  if (addresses.length === 0 || addresses[0] === '') return null;
  return { addresses, pods, ports: isHeadless(service) ? targetPorts : ports, targetPorts };
}

function targetPortsOf(target: number | string, pods: readonly Pod[]): readonly number[] {
  if (typeof target === 'number') return [target];
  return pods
    .flatMap((pod) => pod.spec.containers.flatMap(({ ports }) => ports ?? []))
    .filter(({ name }) => name === target)
    .map(({ containerPort }) => containerPort);
}

/** An ExternalName is a CNAME: it leads to another name of the cluster, or to a literal address. */
function externalTarget(store: ObjectStore, service: Service, hops: number): NameTarget | null {
  const name = service.spec.externalName ?? '';
  if (isIP(name) !== 0) return { addresses: [name], pods: [], ports: [], targetPorts: [] };
  if (hops > 4) return null;
  return lookUp(store, name, service.metadata.namespace ?? 'default', hops + 1);
}

function podsBehind(store: ObjectStore, service: Service): readonly ScheduledPod[] {
  const selector = service.spec.selector ?? {};
  if (Object.keys(selector).length === 0) return [];
  return listed<ScheduledPod>(store, kinds.pods, service.metadata.namespace).filter((pod) =>
    matchesLabels({ matchLabels: selector }, pod.metadata.labels),
  );
}

/** `pod.service` of a headless Service, once the pod is ready or the Service publishes it before. */
function podTarget(store: ObjectStore, service: Service, name: string): NameTarget | null {
  if (!isHeadless(service)) return null;
  const pod = podsBehind(store, service).find((each) => {
    const { hostname, subdomain } = each.spec;
    return hostname === name && subdomain === service.metadata.name;
  });
  const address = pod?.status?.podIP;
  if (pod === undefined || address === undefined) return null;
  const { publishNotReadyAddresses } = service.spec;
  if (publishNotReadyAddresses !== true && !readyAddresses(store, service).includes(address)) return null;
  const ports = (service.spec.ports ?? []).flatMap((port) =>
    targetPortsOf(port.targetPort ?? port.port, [pod]),
  );
  return { addresses: [address], pods: [pod], ports, targetPorts: ports };
}
