import type { Container, Pod, Workload } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { KubeClient } from './kube-client.ts';
import { isReady } from './supervisor/stages.ts';

const answerMs = 2000;
/** A container that was told to end answers for a moment longer: what is well stays well this long. */
const steadyMs = 500;

/** Pods that a workload's selector matches, those that are being deleted included. */
export function podsOf(client: KubeClient, workload: Workload): Promise<Pod[]> {
  const labels = Object.entries(workload.spec.selector?.matchLabels ?? {});
  const selector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  return client.list<Pod>(resources.pods, workload.metadata.namespace ?? '', selector);
}

/**
 * Whether a workload is well: its replicas are ready, no other pod of it is left, and each answers its liveness
 * probe. Kubernetes calls a pod without a readiness probe (Langfuse's worker) ready as soon as it runs.
 */
export async function isWell(client: KubeClient, workload: Workload): Promise<boolean> {
  if (!isReady(workload)) return false;
  const own = await podsOf(client, workload);
  if (own.length !== (workload.spec.replicas ?? 1)) return false;
  const alive = await Promise.all(own.map(answersProbes));
  return alive.every(Boolean);
}

async function answersProbes({ spec, status }: Pod): Promise<boolean> {
  const address = status?.podIP;
  if (address === undefined) return false;
  const urls = spec.containers.map((container) => probeUrl(container, address)).filter((url) => url !== null);
  return (await Promise.all(urls.map(answers))).every(Boolean);
}

/** The liveness probe's URL on the pod's address, which this machine reaches directly. */
function probeUrl({ livenessProbe, ports }: Container, address: string): string | null {
  const get = livenessProbe?.httpGet;
  if (get === undefined || get.scheme === 'HTTPS') return null;
  const port = typeof get.port === 'number' ? get.port : ports?.find(({ name }) => name === get.port);
  const number = typeof port === 'object' ? port.containerPort : port;
  return number === undefined ? null : `http://${address}:${number}${get.path ?? '/'}`;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** A condition that must hold for a while without a break. */
export function steady(condition: () => Promise<boolean>, forMs = steadyMs): () => Promise<boolean> {
  let since: number | null = null;
  return async () => {
    if (!(await condition())) since = null;
    else since ??= performance.now();
    return since !== null && performance.now() - since >= forMs;
  };
}

/** Whether all workloads of the cluster are well. */
export async function isAllWell(client: KubeClient): Promise<boolean> {
  const lists = [resources.deployments, resources.statefulSets].map((kind) =>
    client.list<Workload>(kind, null),
  );
  const workloads = (await Promise.all(lists)).flat();
  return (await Promise.all(workloads.map((workload) => isWell(client, workload)))).every(Boolean);
}
