/** What most faults do: change variables as an operator would with kubectl, restart, wait, and put all back. */
import type { Pod, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext, StoreNames } from '../fault.ts';
import { present } from '../fault-context.ts';
import type { Container, VariablePlace } from './_variables.ts';
import { placeOfVariable, readKey, withLiterals, writeKey } from './_variables.ts';

/** A workload that reads its variables at the start. */
export type Restarts = 'web' | 'worker' | 'litellm';

interface Place {
  readonly namespace: string;
  readonly workload: string;
}

/** The workloads behind a name that this generation has: a layout may run web twice, Langfuse 2 has no worker. */
function placesOf({ names }: FaultContext, which: Restarts): readonly Place[] {
  const { namespace } = names;
  if (which === 'litellm') return [names.liteLlm];
  if (which === 'web') return names.webs.map((workload) => ({ namespace, workload }));
  return names.worker === null ? [] : [{ namespace, workload: names.worker }];
}

function placeOf(context: FaultContext, which: Restarts): Place {
  return present(placesOf(context, which)[0] ?? null, which);
}

/** What was changed for one variable, and what was there before. */
interface Kept {
  readonly namespace: string;
  readonly workload: string;
  readonly place: VariablePlace;
  /** Of a key; null when it was not there. Literals come back with the whole container. */
  readonly value: string | null;
}

/**
 * Changes variables where they come from (a literal, a key of a Secret or ConfigMap; null removes one) and restarts
 * what reads them; the old values are kept for mending.
 */
export async function changeVariables(
  context: FaultContext,
  values: Readonly<Record<string, string | null>>,
  restarts: readonly Restarts[],
): Promise<void> {
  const before = context.memory.get('variables') as readonly Kept[] | undefined;
  const changed: Kept[] = [];
  for (const which of restarts)
    for (const place of placesOf(context, which)) changed.push(...(await changeIn(context, place, values)));
  if (before === undefined) context.memory.set('variables', changed);
  await restartAll(context, restarts);
}

async function changeIn(
  context: FaultContext,
  { namespace, workload }: Place,
  values: Readonly<Record<string, string | null>>,
): Promise<Kept[]> {
  const container = appContainer(await containersOf(context, { namespace, workload }));
  const kept: Kept[] = [];
  const literals: Record<string, string | null> = {};
  for (const [variable, value] of Object.entries(values)) {
    const place = await placeOfVariable(context, namespace, container, variable);
    if (place.kind === 'literal') {
      const value = container.env?.find(({ name }) => name === variable)?.value ?? null;
      kept.push({ namespace, workload, place, value });
      literals[variable] = values[variable] ?? null;
    } else {
      kept.push({ namespace, workload, place, value: await readKey(context, namespace, place) });
      await writeKey(context, namespace, place, value);
    }
  }
  if (Object.keys(literals).length > 0)
    await editIn(context, { namespace, workload }, (own) => withLiterals(own, literals));
  return kept;
}

/** Puts back what changeVariables changed and waits until everything is ready. */
export async function restoreVariables(context: FaultContext, restarts: readonly Restarts[]): Promise<void> {
  const kept = (context.memory.get('variables') ?? []) as readonly Kept[];
  // The last change first: two workloads may read the same key, and only the first saw its old value.
  for (const { namespace, workload, place, value } of kept.toReversed()) {
    if (place.kind === 'literal')
      await editIn(context, { namespace, workload }, (own) => withLiterals(own, { [place.name]: value }));
    else await writeKey(context, namespace, place, value);
  }
  await restartAll(context, restarts);
  await readyAll(context, restarts);
}

/** Value of a variable where it comes from, `$(OTHER)` in it as it stands. */
export async function variableValue(
  context: FaultContext,
  variable: string,
  which: Restarts = 'web',
): Promise<string> {
  const at = placeOf(context, which);
  const container = appContainer(await containersOf(context, at));
  const place = await placeOfVariable(context, at.namespace, container, variable);
  if (place.kind === 'literal') return container.env?.find(({ name }) => name === variable)?.value ?? '';
  return (await readKey(context, at.namespace, place)) ?? '';
}

async function containersOf({ kube }: FaultContext, { namespace, workload }: Place): Promise<Container[]> {
  const found = await kube.get<Workload>(resources.deployments, namespace, workload);
  return [...(found?.spec.template.spec.containers ?? [])];
}

const isApp = ({ image = '' }: Container): boolean => /langfuse|litellm/.test(image);

/** Langfuse's own container (or LiteLLM's) among sidecars. */
function appContainer(containers: readonly Container[]): Container {
  return present(containers.find(isApp) ?? null, 'container of Langfuse or LiteLLM');
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

/** Sets literal variables on the app's container, as `kubectl set env` does; null removes one. */
export async function setEnv(
  context: FaultContext,
  which: Restarts,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  await editContainer(context, which, (container) => withLiterals(container, values));
}

/** Changes the app's container in the (first) workload; restoreContainer puts the old one back. */
export async function editContainer(
  context: FaultContext,
  which: Restarts,
  edit: (container: Container) => Container,
): Promise<void> {
  const place = placeOf(context, which);
  if (context.memory.get('containers') === undefined)
    context.memory.set('containers', await containersOf(context, place));
  await editIn(context, place, edit);
}

async function editIn(
  context: FaultContext,
  place: Place,
  edit: (container: Container) => Container,
): Promise<void> {
  const containers = await containersOf(context, place);
  await patchContainers(
    context,
    place,
    containers.map((each) => (isApp(each) ? edit(each) : each)),
  );
}

/** Puts back what editContainer changed and waits until the workload is ready. */
export async function restoreContainer(context: FaultContext, which: Restarts): Promise<void> {
  const kept = context.memory.get('containers') as readonly Container[] | undefined;
  if (kept !== undefined) await patchContainers(context, placeOf(context, which), kept);
  await readyAll(context, [which]);
}

async function patchContainers(
  { kube }: FaultContext,
  { namespace, workload }: Place,
  containers: readonly Container[],
): Promise<void> {
  await kube.patch(resources.deployments, namespace, workload, {
    spec: { template: { spec: { containers } } },
  });
}

/** A Secret that the container reads already, for one more reference to it. */
export async function secretOf(context: FaultContext, which: Restarts): Promise<string> {
  const container = appContainer(await containersOf(context, placeOf(context, which)));
  const names = [
    ...(container.envFrom ?? []).map(({ secretRef }) => secretRef?.name),
    ...(container.env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
  ];
  return present(names.find((name) => name !== undefined) ?? null, 'Secret in the variables');
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

const storeParts = {
  postgres: 'Postgres',
  clickhouse: 'ClickHouse',
  redis: 'Redis',
  objects: 'object store',
} as const;

/** Scales a store to zero: its Service has no endpoint, what asks it is refused. */
export async function stopStore(
  { kube, names }: FaultContext,
  store: keyof typeof storeParts,
): Promise<void> {
  const { namespace, workload, kind } = present<StoreNames>(names[store], storeParts[store]);
  await kube.scale(namespace, workload, 0, kind);
}

/** Scales it back, and waits until it and what needs it is ready. */
export async function startStore(context: FaultContext, store: keyof typeof storeParts): Promise<void> {
  const { namespace, workload, kind } = present<StoreNames>(context.names[store], storeParts[store]);
  await context.kube.scale(namespace, workload, 1, kind);
  await context.kube.ready(namespace, workload, kind);
  await readyAll(context, ['web', 'worker']);
}

/** Where a fault applies that depends on neither generation nor layout. */
export const everywhere = {
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
} as const;
