/** What most faults do: change variables or a container as an operator would with kubectl, and put all back. */
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';
import { present } from '../fault-context.ts';
import type { Place, Restarts } from './_places.ts';
import { appContainer, containersOf, isApp, placeOf, placesOf, readyAll } from './_places.ts';
import type { Container, KeyPlace } from './_variables.ts';
import { placeOfVariable, readKey, withLiterals, writeKey } from './_variables.ts';

/** What was there before a change. */
interface Kept {
  /** Values of keys; null where there was none. */
  readonly keys: readonly KeyChange[];
  /** Containers of the workloads whose own entries were changed. */
  readonly workloads: readonly KeptContainers[];
}

interface KeyChange {
  readonly namespace: string;
  readonly key: KeyPlace;
  readonly value: string | null;
}

type Values = Readonly<Record<string, string | null>>;

/**
 * Changes variables where they come from (a literal, a key of a Secret or ConfigMap; null removes one) and restarts
 * what reads them; what was there is kept for mending before anything is changed.
 */
export async function changeVariables(
  context: FaultContext,
  values: Values,
  restarts: readonly Restarts[],
): Promise<void> {
  const places = restarts.flatMap((which) => placesOf(context, which));
  const plans = await Promise.all(places.map((place) => planIn(context, place, values)));
  if (context.memory.get('variables') === undefined)
    context.memory.set('variables', {
      keys: plans.flatMap(({ keysBefore }) => keysBefore),
      workloads: plans.filter(({ after }) => after !== null).map(({ before }) => before),
    } satisfies Kept);
  for (const { keys } of plans) await writeKeys(context, keys);
  await Promise.all(plans.map(({ before, after }) => restart(context, before, after)));
}

interface Plan {
  readonly keysBefore: readonly KeyChange[];
  readonly keys: readonly KeyChange[];
  readonly before: Kept['workloads'][number];
  /** Null where no entry of the container itself changes. */
  readonly after: readonly Container[] | null;
}

async function planIn(context: FaultContext, place: Place, values: Values): Promise<Plan> {
  const { namespace } = place;
  const containers = await containersOf(context, place);
  const container = appContainer(containers);
  const keys: KeyChange[] = [];
  const entries: Record<string, string | null> = {};
  for (const [variable, value] of Object.entries(values)) {
    const at = await placeOfVariable(context, namespace, container, variable);
    // Without its key an entry would keep the container from being made: who removes a variable removes the entry.
    // And `$(OTHER)` is put in for nothing but the container's own entries.
    const belongsHere = value === null ? hasEntry(container, variable) : value.includes('$(');
    if (at.kind === 'literal' || belongsHere) entries[variable] = value;
    else keys.push({ namespace, key: at, value });
  }
  const read = async ({ key }: KeyChange): Promise<KeyChange> => ({
    namespace,
    key,
    value: await readKey(context, namespace, key),
  });
  return {
    keysBefore: await Promise.all(keys.map(read)),
    keys,
    before: { ...place, containers },
    after: Object.keys(entries).length === 0 ? null : edited(containers, (own) => withLiterals(own, entries)),
  };
}

const hasEntry = (container: Container, variable: string): boolean =>
  (container.env ?? []).some(({ name }) => name === variable);

async function writeKeys(context: FaultContext, keys: readonly KeyChange[]): Promise<void> {
  for (const { namespace, key, value } of keys) await writeKey(context, namespace, key, value);
}

/** With other containers in the same rollout, where there are some. */
async function restart(
  { kube }: FaultContext,
  { namespace, workload }: Place,
  containers: readonly Container[] | null,
): Promise<void> {
  await kube.restart(namespace, workload, 'deployments', containers ?? undefined);
}

/** Puts back what changeVariables changed and waits until everything is ready. */
export async function restoreVariables(context: FaultContext, restarts: readonly Restarts[]): Promise<void> {
  const kept = context.memory.get('variables') as Kept | undefined;
  if (kept === undefined) return;
  await writeKeys(context, kept.keys);
  const places = restarts.flatMap((which) => placesOf(context, which));
  await Promise.all(
    places.map((place) => {
      const before = kept.workloads.find(
        ({ namespace, workload }) => namespace === place.namespace && workload === place.workload,
      );
      return restart(context, place, before?.containers ?? null);
    }),
  );
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

/** Sets literal variables on the app's container, as `kubectl set env` does; null removes one. */
export async function setEnv(
  context: FaultContext,
  which: Restarts,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  await editContainer(context, which, (container) => withLiterals(container, values));
}

/** Changes the app's container in the (first) workload; restoreContainers puts the old one back. */
export function editContainer(
  context: FaultContext,
  which: Restarts,
  edit: (container: Container) => Container,
): Promise<void> {
  return editPlaces(context, [placeOf(context, which)], edit);
}

/** Changes it in all of these workloads. */
export function editContainers(
  context: FaultContext,
  which: readonly Restarts[],
  edit: (container: Container) => Container,
): Promise<void> {
  return editPlaces(
    context,
    which.flatMap((one) => placesOf(context, one)),
    edit,
  );
}

type KeptContainers = Place & { readonly containers: readonly Container[] };

async function editPlaces(
  context: FaultContext,
  places: readonly Place[],
  edit: (container: Container) => Container,
): Promise<void> {
  const kept = await Promise.all(
    places.map(async (place) => ({ ...place, containers: await containersOf(context, place) })),
  );
  if (context.memory.get('containers') === undefined) context.memory.set('containers', kept);
  for (const place of places) await editIn(context, place, edit);
}

async function editIn(
  context: FaultContext,
  place: Place,
  edit: (container: Container) => Container,
): Promise<void> {
  await patchContainers(context, place, edited(await containersOf(context, place), edit));
}

const edited = (
  containers: readonly Container[],
  edit: (container: Container) => Container,
): readonly Container[] => containers.map((each) => (isApp(each) ? edit(each) : each));

/** Puts back what was edited and waits until the workloads are ready. */
export async function restoreContainers(context: FaultContext, which: readonly Restarts[]): Promise<void> {
  const kept = (context.memory.get('containers') ?? []) as readonly KeptContainers[];
  for (const { containers, ...place } of kept) await patchContainers(context, place, containers);
  await readyAll(context, which);
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
