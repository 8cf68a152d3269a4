import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { editContainers, restoreContainers } from './_steps.ts';

/** A later minor version than any that this lfctl can know; the sandbox runs it as the newest that it knows. */
const tag = '4.99.0';

export const newerThanKnownFault = defineFault({
  name: 'newer-than-known',
  area: 'upgrades',
  summary: 'web and worker run a later version of Langfuse 4 than this lfctl knows',
  firstVerdict: 'versions/known',
  expects: 'healthy',
  ...everywhere,
  generations: [4],
  break: async (context) => {
    await editContainers(context, ['web', 'worker'], (container) => ({
      ...container,
      image: (container.image ?? '').replace(/:[^:/]*$/, `:${tag}`),
    }));
    await readyAll(context, ['web', 'worker']);
  },
  mend: async (context) => {
    await restoreContainers(context, ['web', 'worker']);
  },
});
