import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const inertNamesFault = defineFault({
  name: 'inert-names',
  area: 'network',
  summary: 'a variable is set that no release reads',
  firstVerdict: 'config/inert-env',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { ENABLE_EXPERIMENTAL_FEATURES: 'true' }, ['web']);
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
  },
});
