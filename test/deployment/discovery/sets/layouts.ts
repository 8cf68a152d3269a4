import type { Generation } from '../../../../src/deployment/model.ts';
import type { LayoutName, LayoutOwner, WriteMode } from '../../../../src/sandbox/fault.ts';
import { layoutGenerations } from '../../../../src/sandbox/layouts/index.ts';
import { fromLayout } from './_live.ts';
import type { ObjectSet } from './_set.ts';

const names: readonly LayoutName[] = ['runbook', 'chart-1', 'chart-2', 'plain'];
const owners: readonly (LayoutOwner | null)[] = [null, 'argo-cd', 'operator'];

/** Every layout that the sandbox has, on each generation that it can run, under each owner. */
export async function layoutSets(): Promise<readonly ObjectSet[]> {
  const combinations = names.flatMap((name) =>
    layoutGenerations(name).flatMap((generation) => owners.map((owner) => ({ name, generation, owner }))),
  );
  const made = combinations.map(({ name, generation, owner }) => one(name, generation, owner, null));
  const modes = (['dual', 'legacy'] as const).map((mode) => one('runbook', 4, null, mode));
  return await Promise.all([...made, ...modes]);
}

async function one(
  name: LayoutName,
  generation: Generation,
  owner: LayoutOwner | null,
  writeMode: WriteMode | null,
): Promise<ObjectSet> {
  const title = ['layout', name, generation, owner, writeMode].filter((part) => part !== null).join('-');
  return { name: title, cluster: await fromLayout(name, generation, { owner, writeMode }) };
}
