import type { ObjectSet } from './_set.ts';
import { eraSets } from './eras.ts';
import { imageSets } from './images.ts';
import { layoutSets } from './layouts.ts';
import { rightsSets } from './rights.ts';
import { routeSets } from './routes.ts';
import { severalSets } from './several.ts';
import { storeSets } from './stores.ts';
import { workloadSets } from './workloads.ts';

export async function allSets(): Promise<readonly ObjectSet[]> {
  const made = await Promise.all([layoutSets(), rightsSets()]);
  return [
    ...made.flat(),
    ...imageSets,
    ...severalSets,
    ...workloadSets,
    ...storeSets,
    ...eraSets,
    ...routeSets,
  ];
}
