/** What most faults do: change variables or a container as an operator would with kubectl, and put all back. */
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';
import { present } from '../fault-context.ts';
import type { Place, Restarts } from './_places.ts';
import { appContainer, containersOf, isApp, placeOf, placesOf, readyAll, restartAll } from './_places.ts';
import type { Container, VariablePlace } from './_variables.ts';
import { placeOfVariable, readKey, withLiterals, writeKey } from './_variables.ts';

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
