import type { KubeObject, LabelSelector, Pod } from '../../../ports/kube-objects.ts';
import { matchesLabels } from '../../../ports/label-selector.ts';
import { found, kinds, listed } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';

interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: unknown;
}

interface PolicyRule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly { readonly port?: number | string; readonly protocol?: string }[];
}

interface NetworkPolicy extends KubeObject {
  readonly spec: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly PolicyRule[];
    readonly egress?: readonly PolicyRule[];
  };
}

/**
 * True when NetworkPolicies let the pod reach the target on at least one of the ports. Names are
 * always resolved: port 53 is not looked at, unlike in a cluster whose DNS is cut off too.
 */
export function mayReach(store: ObjectStore, from: Pod, target: Pod, ports: readonly number[]): boolean {
  return (
    allows(store, from, target, 'Egress', ports, target) &&
    allows(store, target, from, 'Ingress', ports, target)
  );
}

function allows(
  store: ObjectStore,
  subject: Pod,
  peer: Pod,
  direction: 'Egress' | 'Ingress',
  ports: readonly number[],
  server: Pod,
): boolean {
  const policies = listed<NetworkPolicy>(store, kinds.networkPolicies, subject.metadata.namespace)
    .filter((policy) => matchesLabels(policy.spec.podSelector ?? {}, subject.metadata.labels))
    .filter((policy) => typesOf(policy).includes(direction));
  if (policies.length === 0) return true;
  return policies.some((policy) => {
    const rules = (direction === 'Egress' ? policy.spec.egress : policy.spec.ingress) ?? [];
    return rules.some((rule) => {
      const peers = (direction === 'Egress' ? rule.to : rule.from) ?? [];
      const known = peers.length === 0 || peers.some((entry) => isPeer(store, policy, entry, peer));
      return known && allowsPort(rule, ports, server);
    });
  });
}

function typesOf({ spec }: NetworkPolicy): readonly string[] {
  return spec.policyTypes ?? (spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
}

/** ipBlock never fits a pod here: the sandbox's pods have loopback addresses. */
function isPeer(store: ObjectStore, policy: NetworkPolicy, peer: PolicyPeer, pod: Pod): boolean {
  if (peer.ipBlock !== undefined) return false;
  const namespace = pod.metadata.namespace ?? 'default';
  if (peer.namespaceSelector === undefined && namespace !== policy.metadata.namespace) return false;
  if (peer.namespaceSelector !== undefined) {
    const labels = found(store, kinds.namespaces, null, namespace)?.metadata.labels;
    if (!matchesLabels(peer.namespaceSelector, { 'kubernetes.io/metadata.name': namespace, ...labels }))
      return false;
  }
  return peer.podSelector === undefined || matchesLabels(peer.podSelector, pod.metadata.labels);
}

function allowsPort({ ports: allowed }: PolicyRule, ports: readonly number[], server: Pod): boolean {
  if (allowed === undefined || allowed.length === 0 || ports.length === 0) return true;
  const named = server.spec.containers.flatMap((container) => container.ports ?? []);
  return allowed.some(({ port }) => {
    if (port === undefined) return true;
    const number = typeof port === 'number' ? port : named.find(({ name }) => name === port)?.containerPort;
    return number !== undefined && ports.includes(number);
  });
}
