import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { untilLog } from './_waits.ts';

export const nextauthSecretMissingFault = defineFault({
  name: 'nextauth-secret-missing',
  area: 'start-up',
  summary: 'NEXTAUTH_SECRET is missing: the new web pod answers 500 to everything',
  firstVerdict: 'config/required-env',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { NEXTAUTH_SECRET: null }, ['web']);
    await untilLog(context, 'web', /NEXTAUTH_SECRET/);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
  },
});
