/** Langfuse's and LiteLLM's workloads, their containers and pods. */
import type { Pod, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';
import { present } from '../fault-context.ts';
import type { Container } from './_variables.ts';

/** A workload that reads its variables at the start. */
export type Restarts = 'web' | 'worker' | 'litellm';

export interface Place {
  readonly namespace: string;
  readonly workload: string;
}

/** The workloads behind a name that this generation has: a layout may run web twice, Langfuse 2 has no worker. */
export function placesOf({ names }: FaultContext, which: Restarts): readonly Place[] {
  const { namespace } = names;
  if (which === 'litellm') return [names.liteLlm];
  if (which === 'web') return names.webs.map((workload) => ({ namespace, workload }));
  return names.worker === null ? [] : [{ namespace, workload: names.worker }];
}

export function placeOf(context: FaultContext, which: Restarts): Place {
  return present(placesOf(context, which)[0] ?? null, which);
}

export async function containersOf(
  { kube }: FaultContext,
  { namespace, workload }: Place,
): Promise<Container[]> {
  const found = await kube.get<Workload>(resources.deployments, namespace, workload);
  return [...(found?.spec.template.spec.containers ?? [])];
}

export const isApp = ({ image = '' }: Container): boolean => /langfuse|litellm/.test(image);

/** Langfuse's own container (or LiteLLM's) among sidecars. */
export function appContainer(containers: readonly Container[]): Container {
  return present(containers.find(isApp) ?? null, 'container of Langfuse or LiteLLM');
}

/** Pods of the workloads that nobody deletes: a rollout that cannot finish keeps older ones beside newer ones. */
export async function podsOf(context: FaultContext, which: Restarts): Promise<Pod[]> {
  const places = placesOf(context, which);
  const namespace = places[0]?.namespace ?? context.names.namespace;
  const pods = await context.kube.list<Pod>(resources.pods, namespace);
  return pods.filter(
    (pod) =>
      places.some(({ workload }) =>
        new RegExp(`^${workload}-[a-z0-9]{6,10}-[a-z0-9]{5}$`).test(pod.metadata.name),
      ) && pod.metadata.deletionTimestamp === undefined,
  );
}

/** Restarts them as `kubectl rollout restart` does, and waits for new pods. */
export async function restartAll(context: FaultContext, restarts: readonly Restarts[]): Promise<void> {
  await Promise.all(
    restarts.map(async (which) => {
      await Promise.all(
        placesOf(context, which).map(({ namespace, workload }) => context.kube.restart(namespace, workload)),
      );
    }),
  );
}

/** Waits until they are ready, one after the other. */
export async function readyAll(context: FaultContext, which: readonly Restarts[]): Promise<void> {
  for (const one of which)
    for (const { namespace, workload } of placesOf(context, one))
      await context.kube.ready(namespace, workload);
}
