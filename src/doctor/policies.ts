import { BlockList, isIP } from 'node:net';
import { authorizationDenials } from './authorization.ts';
import { matchesLabels } from '../ports/label-selector.ts';
import type { FreeFormObject, LabelSelector, Pod } from '../ports/kube-objects.ts';

/** A policy that keeps one pod from another. */
export interface PolicyDenial {
  readonly kind: 'NetworkPolicy' | 'AuthorizationPolicy';
  readonly namespace: string;
  readonly name: string;
  readonly direction: 'egress' | 'ingress';
}

export interface Policies {
  readonly network: readonly FreeFormObject[];
  readonly authorization: readonly FreeFormObject[];
  /** Null where a namespace may not be read: a selector on it is then taken to match, so that no denial is invented. */
  readonly namespaceLabels: Readonly<Record<string, Readonly<Record<string, string>> | null>>;
}

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly RulePort[];
}

interface RulePort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface NetworkPolicySpec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/**
 * Policies that deny a connection. Pods that no policy of a direction selects are open in it; else one rule of one
 * selecting policy must allow it. https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function evaluatePath(source: Pod, target: Pod, port: number, policies: Policies): PolicyDenial[] {
  return [
    ...deniedBy(policies, 'egress', source, target, port),
    ...deniedBy(policies, 'ingress', target, source, port),
    ...authorizationDenials(policies.authorization, source, target).map((policy) =>
      denial(policy, 'AuthorizationPolicy', 'ingress'),
    ),
  ];
}

function deniedBy(
  policies: Policies,
  direction: 'egress' | 'ingress',
  subject: Pod,
  peer: Pod,
  port: number,
): PolicyDenial[] {
  const selecting = policies.network.filter((policy) => {
    const spec: NetworkPolicySpec = policy.spec ?? {};
    return (
      policy.metadata.namespace === subject.metadata.namespace &&
      directions(spec).includes(direction) &&
      matchesLabels(spec.podSelector ?? {}, subject.metadata.labels ?? {})
    );
  });
  const allowed = selecting.some((policy) =>
    rulesOf(policy, direction).some(
      (rule) =>
        portAllowed(rule, port) && peerAllowed(rule, direction, policy, peer, policies.namespaceLabels),
    ),
  );
  return allowed ? [] : selecting.map((policy) => denial(policy, 'NetworkPolicy', direction));
}

function rulesOf(policy: FreeFormObject, direction: 'egress' | 'ingress'): readonly Rule[] {
  const spec: NetworkPolicySpec = policy.spec ?? {};
  return spec[direction] ?? [];
}

function directions(spec: NetworkPolicySpec): string[] {
  const types = spec.policyTypes ?? (spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
  return types.map((type) => type.toLowerCase());
}

/** A named port cannot be compared by number; it is taken as allowed, so that no denial is invented. */
function portAllowed(rule: Rule, port: number): boolean {
  const ports = rule.ports ?? [];
  return (
    ports.length === 0 ||
    ports.some((one) => {
      if ((one.protocol ?? 'TCP') !== 'TCP') return false;
      if (typeof one.port !== 'number') return true;
      return one.endPort === undefined ? one.port === port : port >= one.port && port <= one.endPort;
    })
  );
}

function peerAllowed(
  rule: Rule,
  direction: 'egress' | 'ingress',
  policy: FreeFormObject,
  pod: Pod,
  namespaceLabels: Policies['namespaceLabels'],
): boolean {
  const peers = (direction === 'egress' ? rule.to : rule.from) ?? [];
  if (peers.length === 0) return true;
  const namespace = pod.metadata.namespace ?? '';
  return peers.some((peer) => {
    if (peer.ipBlock !== undefined) return inBlock(peer.ipBlock, pod.status?.podIP);
    const inNamespace =
      peer.namespaceSelector === undefined
        ? policy.metadata.namespace === namespace
        : inSelected(peer.namespaceSelector, namespaceLabels[namespace], namespace);
    return inNamespace && matchesLabels(peer.podSelector ?? {}, pod.metadata.labels ?? {});
  });
}

/** An address that is not known yet, or a block that does not parse, is taken as allowed. */
function inBlock(
  { cidr = '', except = [] }: NonNullable<Peer['ipBlock']>,
  address: string | undefined,
): boolean {
  if (address === undefined || isIP(address) === 0) return true;
  return (holds(cidr, address) ?? true) && !except.some((one) => holds(one, address) === true);
}

/** Null for what is no CIDR of the address's family. */
function holds(cidr: string, address: string): boolean | null {
  const [network = '', bits] = cidr.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || bits === undefined) return null;
  if (isIP(network) !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

function inSelected(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | null | undefined,
  namespace: string,
): boolean {
  const byName = Object.keys(selector.matchLabels ?? {}).every(
    (key) => key === 'kubernetes.io/metadata.name',
  );
  if (labels == null && !(byName && selector.matchExpressions === undefined)) return true;
  return matchesLabels(selector, labels ?? { 'kubernetes.io/metadata.name': namespace });
}

function denial(
  policy: FreeFormObject,
  kind: PolicyDenial['kind'],
  direction: PolicyDenial['direction'],
): PolicyDenial {
  return { kind, namespace: policy.metadata.namespace ?? '', name: policy.metadata.name, direction };
}
