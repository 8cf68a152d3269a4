import { isIP } from 'node:net';

/** What a host name may mean inside a cluster: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
export interface ClusterName {
  readonly service: string;
  readonly namespace: string;
  /** Name of one pod of a StatefulSet or of a pod with a hostname; null for the Service itself. */
  readonly pod: string | null;
  /** True when the name can be nothing else: one label, or `.svc` in its place. */
  readonly certain: boolean;
}

const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Reads `svc`, `svc.ns`, `svc.ns.svc[.domain]`, `pod.svc.ns`, `pod.svc.ns.svc[.domain]`; null for what is none of them. */
export function clusterName(host: string, defaultNamespace: string): ClusterName | null {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  if (isIP(host) !== 0 || host.toLowerCase() === 'localhost' || !labels.every((one) => label.test(one)))
    return null;
  const [first = '', second, third, fourth] = labels;
  if (second === undefined) return { service: first, namespace: defaultNamespace, pod: null, certain: true };
  if (third === 'svc') return { service: first, namespace: second, pod: null, certain: true };
  if (third !== undefined && fourth === 'svc')
    return { service: second, namespace: third, pod: first, certain: true };
  if (labels.length === 2) return { service: first, namespace: second, pod: null, certain: false };
  if (labels.length === 3 && third !== undefined)
    return { service: second, namespace: third, pod: first, certain: false };
  return null;
}

/** Whether a name, by its form alone, can only be one of the cluster. */
export function looksInside(host: string): boolean {
  return clusterName(host, '')?.certain ?? false;
}

/** Addresses that pods and Services have: private (RFC 1918), shared (RFC 6598) and unique local (RFC 4193) ones. */
export function isPrivateAddress(host: string): boolean {
  if (isIP(host) === 6) return /^f[cd]/i.test(host);
  if (isIP(host) !== 4) return false;
  const [first = 0, second = 0] = host.split('.').map(Number);
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second < 128)
  );
}
