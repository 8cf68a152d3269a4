import { defineFault } from '../fault.ts';
import { changeVariables, everywhere, readyAll, restoreVariables } from './_steps.ts';

export const keepAliveInertNamesFault = defineFault({
  name: 'keep-alive-inert-names',
  area: 'network',
  summary: 'only the names of the runbook are set: web still closes idle connections after 5 s',
  firstVerdict: 'web/keep-alive',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { KEEP_ALIVE_TIMEOUT: null }, ['web']);
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
  },
});
