import type { JobFinder } from '../jobs.ts';
import type { Broom } from './broom.ts';

/** Jobs are the worker's: they are counted, because one that is worked on later makes rows again. */
export function queueBroom(finder: JobFinder): Broom {
  return { store: 'queue', sweep: async () => (await finder()).length };
}
