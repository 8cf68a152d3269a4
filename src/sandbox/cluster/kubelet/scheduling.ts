import type { FreeFormObject, Pod } from '../../../ports/kube-objects.ts';
import { found, isFinished, kinds, listed, type ScheduledPod } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { nodeName } from './context.ts';
import { bytesOf, coresOf } from './quantities.ts';

interface Node extends FreeFormObject {
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status: { readonly allocatable?: Readonly<Record<string, string>> };
}

/** The node that takes the pod, or why none does, in the scheduler's words. */
export type Placement = { readonly node: string } | { readonly refused: string };

const noHelp = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

/** Chooses a node by claims, labels, taints and free resources, as the scheduler's filters do. */
export function place(store: ObjectStore, pod: ScheduledPod): Placement {
  const trouble = claimTrouble(store, pod);
  if (trouble !== null) return { refused: `0/1 nodes are available: ${trouble}. ${noHelp}` };
  const nodes = listed<Node>(store, kinds.nodes);
  const reasons = new Map<string, number>();
  for (const node of nodes) {
    const reason = reasonAgainst(store, node, pod);
    if (reason === null) return { node: node.metadata.name };
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const list = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const size = nodes.length;
  const preemption = `preemption: 0/${size} nodes are available: ${size} Preemption is not helpful for scheduling.`;
  return { refused: `0/${size} nodes are available: ${list || 'no nodes'}. ${preemption}` };
}

function claimTrouble(store: ObjectStore, pod: Pod): string | null {
  for (const { persistentVolumeClaim: used } of pod.spec.volumes ?? []) {
    if (used === undefined) continue;
    const claim = found<FreeFormObject>(store, kinds.claims, pod.metadata.namespace ?? null, used.claimName);
    if (claim === null) return `persistentvolumeclaim "${used.claimName}" not found`;
    if (claim.status?.['phase'] !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return null;
}

function reasonAgainst(store: ObjectStore, node: Node, pod: ScheduledPod): string | null {
  if (node.spec.unschedulable === true) return 'node(s) were unschedulable';
  const labels = node.metadata.labels ?? {};
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  if (selector.some(([key, value]) => labels[key] !== value))
    return "node(s) didn't match Pod's node affinity/selector";
  const taint = (node.spec.taints ?? []).find(
    ({ key, effect, value }) => effect !== 'PreferNoSchedule' && !tolerates(pod, key, value),
  );
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  return shortage(store, node, pod);
}

function tolerates({ spec }: ScheduledPod, taintKey: string, taintValue: string | undefined): boolean {
  return (spec.tolerations ?? []).some(
    ({ key, operator = 'Equal', value }) =>
      (key === undefined || key === taintKey) && (operator === 'Exists' || value === taintValue),
  );
}

function shortage(store: ObjectStore, node: Node, pod: Pod): string | null {
  const others = listed<Pod>(store, kinds.pods).filter(
    (each) => each.spec.nodeName === node.metadata.name && !isFinished(each),
  );
  for (const [name, parse] of [
    ['cpu', coresOf],
    ['memory', bytesOf],
  ] as const) {
    const free = parse(node.status.allocatable?.[name] ?? '1e9');
    const used = others.reduce((sum, each) => sum + requested(each, name, parse), 0);
    if (requested(pod, name, parse) > free - used) return `Insufficient ${name}`;
  }
  return null;
}

function requested(pod: Pod, name: string, parse: (text: string) => number): number {
  return pod.spec.containers.reduce((sum, { resources }) => {
    const text = resources?.requests?.[name] ?? resources?.limits?.[name];
    return sum + (text === undefined ? 0 : parse(text));
  }, 0);
}

/** The sandbox's one node: large enough for every layout, whatever this machine has. */
export function ensureNode(store: ObjectStore, address: string, now: string): void {
  if (found(store, kinds.nodes, null, nodeName) !== null) return;
  const capacity = { cpu: '32', memory: '128Gi', pods: '110', 'ephemeral-storage': '200Gi' };
  const labels = {
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'topology.kubernetes.io/zone': 'sandbox-a',
  };
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName, labels },
    spec: {},
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: nodeName },
      ],
      capacity,
      allocatable: capacity,
      conditions: [ready],
      nodeInfo: {
        kubeletVersion: 'v1.32.0',
        containerRuntimeVersion: 'containerd://1.7.24',
        osImage: 'lfctl sandbox',
        operatingSystem: 'linux',
        architecture: 'amd64',
        kernelVersion: '6.1.0',
      },
    },
  };
  store.create(kinds.nodes, node);
}
