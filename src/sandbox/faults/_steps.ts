/** What most faults do: change variables as an operator would with kubectl, restart, wait, and put all back. */
import type { KubeSecret, Pod, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';

/** A workload that reads its variables at the start. */
export type Restarts = 'web' | 'worker' | 'litellm';

interface Place {
  readonly namespace: string;
  readonly workload: string;
  readonly secret: string;
}

function placeOf({ names }: FaultContext, which: Restarts): Place {
  if (which === 'litellm') {
    const { namespace, workload, secret } = names.liteLlm;
    return { namespace, workload, secret };
  }
  return {
    namespace: names.namespace,
    workload: which === 'web' ? names.web : names.worker,
    secret: names.envSecret,
  };
}

/** Sets keys of the env Secret (null removes one) and restarts what reads it; the old values are kept for mending. */
export async function changeSecret(
  context: FaultContext,
  values: Readonly<Record<string, string | null>>,
  restarts: readonly Restarts[],
): Promise<void> {
  const place = placeOf(context, restarts[0] ?? 'web');
  const found = await context.kube.get<KubeSecret>(resources.secrets, place.namespace, place.secret);
  const kept = Object.keys(values).map((key): [string, string | null] => {
    const encoded = found?.data?.[key];
    return [key, encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8')];
  });
  if (context.memory.get('secret') === undefined) context.memory.set('secret', Object.fromEntries(kept));
  await context.kube.setSecret(place.namespace, place.secret, values);
  await restartAll(context, restarts);
}

/** Puts back what changeSecret changed and waits until everything is ready. */
export async function restoreSecret(context: FaultContext, restarts: readonly Restarts[]): Promise<void> {
  const place = placeOf(context, restarts[0] ?? 'web');
  const kept = context.memory.get('secret') as Readonly<Record<string, string | null>> | undefined;
  if (kept !== undefined) await context.kube.setSecret(place.namespace, place.secret, kept);
  await restartAll(context, restarts);
  await readyAll(context, restarts);
}

/** Value of a key of the env Secret. */
export async function secretValue(
  context: FaultContext,
  key: string,
  which: Restarts = 'web',
): Promise<string> {
  const place = placeOf(context, which);
  const found = await context.kube.get<KubeSecret>(resources.secrets, place.namespace, place.secret);
  return Buffer.from(found?.data?.[key] ?? '', 'base64').toString('utf8');
}

/** Restarts them as `kubectl rollout restart` does, and waits for new pods. */
export async function restartAll(context: FaultContext, restarts: readonly Restarts[]): Promise<void> {
  await Promise.all(
    restarts.map(async (which) => {
      const { namespace, workload } = placeOf(context, which);
      await context.kube.restart(namespace, workload);
    }),
  );
}

/** Waits until they are ready, one after the other. */
export async function readyAll(context: FaultContext, which: readonly Restarts[]): Promise<void> {
  for (const one of which) {
    const { namespace, workload } = placeOf(context, one);
    await context.kube.ready(namespace, workload);
  }
}

/** Sets literal variables on the workload's first container, as `kubectl set env` does; null removes one. */
export async function setEnv(
  context: FaultContext,
  which: Restarts,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  await editContainer(context, which, (container) => {
    const kept = (container.env ?? []).filter(({ name }) => !(name in values));
    const added = Object.entries(values).flatMap(([name, value]) =>
      value === null ? [] : [{ name, value }],
    );
    return { ...container, env: [...kept, ...added] };
  });
}

type Container = Workload['spec']['template']['spec']['containers'][number];

/** Changes the workload's first container; restoreContainer puts the old one back. */
export async function editContainer(
  context: FaultContext,
  which: Restarts,
  edit: (container: Container) => Container,
): Promise<void> {
  const { namespace, workload } = placeOf(context, which);
  const found = await context.kube.get<Workload>(resources.deployments, namespace, workload);
  const [first, ...rest] = found?.spec.template.spec.containers ?? [];
  if (first === undefined) return;
  if (context.memory.get('containers') === undefined) context.memory.set('containers', [first, ...rest]);
  await patchContainers(context, which, [edit(first), ...rest]);
}

/** Puts back what editContainer changed and waits until the workload is ready. */
export async function restoreContainer(context: FaultContext, which: Restarts): Promise<void> {
  const kept = context.memory.get('containers') as readonly Container[] | undefined;
  if (kept !== undefined) await patchContainers(context, which, kept);
  await readyAll(context, [which]);
}

async function patchContainers(
  { kube, ...context }: FaultContext,
  which: Restarts,
  containers: readonly Container[],
): Promise<void> {
  const { namespace, workload } = placeOf({ kube, ...context }, which);
  await kube.patch(resources.deployments, namespace, workload, {
    spec: { template: { spec: { containers } } },
  });
}

/** Waits until some pod of the workload satisfies the condition. */
export async function untilPod(
  context: FaultContext,
  which: Restarts,
  what: string,
  condition: (pod: Pod) => boolean,
): Promise<void> {
  await context.until(what, async () => (await podsOf(context, which)).some(condition));
}

/** Pods of the newest template: a rollout that cannot finish keeps older ones beside them. */
async function podsOf(context: FaultContext, which: Restarts): Promise<Pod[]> {
  const { namespace, workload } = placeOf(context, which);
  const pods = await context.kube.list<Pod>(resources.pods, namespace);
  return pods.filter(
    (pod) =>
      new RegExp(`^${workload}-[a-z0-9]+-[a-z0-9]+$`).test(pod.metadata.name) &&
      pod.metadata.deletionTimestamp === undefined,
  );
}

/** A container was started again and is not ready. */
export const hasCrashed = (pod: Pod): boolean =>
  (pod.status?.containerStatuses ?? []).some((status) => status.restartCount > 0 && !status.ready);

/** A container waits for a reason such as CrashLoopBackOff. */
export const waitsIn =
  (pattern: RegExp) =>
  (pod: Pod): boolean =>
    (pod.status?.containerStatuses ?? []).some((status) => pattern.test(status.state?.waiting?.reason ?? ''));

/** Waits until the log of a pod of the workload holds the text. */
export async function untilLog(context: FaultContext, which: Restarts, pattern: RegExp): Promise<void> {
  await context.until(`a log of ${which} says ${pattern.source}`, async () => {
    const pods = await podsOf(context, which);
    const texts = pods.flatMap((pod) =>
      [false, true].map((previous) =>
        context.kube
          .logs(pod.metadata.namespace ?? '', pod.metadata.name, pod.spec.containers[0]?.name ?? '', previous)
          .catch(() => ''),
      ),
    );
    return (await Promise.all(texts)).some((text) => pattern.test(text));
  });
}

/** Where a fault applies that depends on neither generation nor layout. */
export const everywhere = {
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
} as const;
