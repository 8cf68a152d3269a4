import type { ObjectSet } from './_set.ts';
import { eraSets } from './eras.ts';
import { imageSets } from './images.ts';
import { rightsSets } from './rights.ts';
import { routeSets } from './routes.ts';
import { severalSets } from './several.ts';
import { storeSets } from './stores.ts';
import { workloadSets } from './workloads.ts';

export const allSets: readonly ObjectSet[] = [
  ...rightsSets,
  ...imageSets,
  ...severalSets,
  ...workloadSets,
  ...storeSets,
  ...eraSets,
  ...routeSets,
];
