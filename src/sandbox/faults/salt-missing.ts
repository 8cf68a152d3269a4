import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { untilLog } from './_waits.ts';

export const saltMissingFault = defineFault({
  name: 'salt-missing',
  area: 'start-up',
  summary: 'SALT is missing from the env Secret: the new web pod answers 500 and never becomes ready',
  firstVerdict: 'config/required-env',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { SALT: null }, ['web']);
    await untilLog(context, 'web', /SALT/);
  },
  mend: (context) => restoreVariables(context, ['web']),
});
