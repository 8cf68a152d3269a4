import type { Pod, Workload } from '../ports/kube-objects.ts';
import type { KubeResource } from '../ports/kube.ts';
import { resources } from '../ports/kube-resources.ts';
import type { FaultKube, StoreNames } from './fault.ts';
import type { KubeClient } from './kube-client.ts';
import { until } from './until.ts';
import { isWell, podsOf, steady } from './wellness.ts';

type WorkloadKind = StoreNames['kind'];

const workloads = (kind: WorkloadKind): KubeResource => ({ group: 'apps', version: 'v1', plural: kind });

/** What faults do with cluster objects, through the sandbox's API as kubectl would. */
export function faultKube(client: KubeClient, now: () => Date): FaultKube {
  const workload = (namespace: string, name: string, kind: WorkloadKind): Promise<Workload | null> =>
    client.get<Workload>(workloads(kind), namespace, name);
  const ready: FaultKube['ready'] = (namespace, name, kind = 'deployments') =>
    until(
      `${namespace}/${name} is ready`,
      steady(async () => {
        const found = await workload(namespace, name, kind);
        return found !== null && (await isWell(client, found));
      }),
    );
  return {
    ...client,
    ready,
    logs: (namespace, pod, container, previous = false) =>
      client.text(
        `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${container}${previous ? '&previous=true' : ''}`,
      ),
    setSecret: (namespace, name, values) =>
      client.patch(resources.secrets, namespace, name, { data: encode(values) }),
    restart: async (namespace, name, kind = 'deployments', containers) => {
      const before = await workload(namespace, name, kind);
      const stamp = { 'kubectl.kubernetes.io/restartedAt': now().toISOString() };
      const spec = containers === undefined ? {} : { spec: { containers } };
      await client.patch(workloads(kind), namespace, name, {
        spec: { template: { metadata: { annotations: stamp }, ...spec } },
      });
      await until(`${namespace}/${name} runs new pods`, () =>
        hasNewPods(client, namespace, name, kind, before),
      );
    },
    scale: async (namespace, name, count, kind = 'deployments') => {
      await client.patch(workloads(kind), namespace, name, { spec: { replicas: count } });
      await until(`${namespace}/${name} has ${count} pods`, async () => {
        const found = await workload(namespace, name, kind);
        if (found === null || !isObserved(found)) return false;
        const running = await podsOf(client, found);
        return running.length === count && (count === 0 || running.every(hasStarted));
      });
    },
  };
}

const isObserved = ({ metadata, status }: Workload): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);

function encode(values: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const entries = Object.entries(values).map(([key, text]): [string, string | null] => [
    key,
    text === null ? null : Buffer.from(text).toString('base64'),
  ]);
  return Object.fromEntries(entries);
}

/** Running, or failed so that it will not run by waiting. */
function hasStarted({ status }: Pod): boolean {
  return (status?.containerStatuses ?? []).every(({ state, lastState, ready }) => {
    if (ready || state?.running || state?.terminated || lastState?.terminated) return true;
    const reason = state?.waiting?.reason ?? '';
    return /BackOff|ErrImage|InvalidImage|CreateContainerConfigError/.test(reason);
  });
}

/** True when a pod made after the restart has become ready or failed, and no older one is left in a healthy rollout. */
async function hasNewPods(
  client: KubeClient,
  namespace: string,
  name: string,
  kind: WorkloadKind,
  before: Workload | null,
): Promise<boolean> {
  const found = await client.get<Workload>(workloads(kind), namespace, name);
  if (found === null || found.metadata.generation === before?.metadata.generation || !isObserved(found))
    return false;
  const running = await podsOf(client, found);
  const fresh = running.filter(({ metadata }) => isOfTemplate(metadata.annotations, found));
  if (fresh.length === 0 || !fresh.every(hasStarted)) return false;
  return fresh.length === running.length || !fresh.every(isPodReady);
}

function isOfTemplate(
  annotations: Readonly<Record<string, string>> | undefined,
  workload: Workload,
): boolean {
  const key = 'kubectl.kubernetes.io/restartedAt';
  return annotations?.[key] === workload.spec.template.metadata?.annotations?.[key];
}

const isPodReady = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');
