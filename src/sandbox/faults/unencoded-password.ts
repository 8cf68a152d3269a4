import { defineFault } from '../fault.ts';
import {
  changeVariables,
  everywhere,
  hasCrashed,
  restoreVariables,
  variableValue,
  untilPod,
} from './_steps.ts';

export const unencodedPasswordFault = defineFault({
  name: 'unencoded-password',
  area: 'Postgres',
  summary: 'the password in DATABASE_URL holds # and / as they stand: the URL breaks (P1013)',
  firstVerdict: 'config/database-url',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const url = (await variableValue(context, 'DATABASE_URL')).replace(/:[^:@/]+@/, ':pass#word/1@');
    await changeVariables(context, { DATABASE_URL: url, DIRECT_URL: url }, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
