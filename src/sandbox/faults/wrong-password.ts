import { defineFault } from '../fault.ts';
import {
  changeVariables,
  everywhere,
  hasCrashed,
  restoreVariables,
  variableValue,
  untilPod,
} from './_steps.ts';

export const wrongPasswordFault = defineFault({
  name: 'wrong-password',
  area: 'Postgres',
  summary: 'the password in DATABASE_URL is not the one of the role: web crashes with P1000',
  firstVerdict: 'postgres/auth',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const url = (await variableValue(context, 'DATABASE_URL')).replace(/:[^:@/]+@/, ':not-the-password@');
    await changeVariables(context, { DATABASE_URL: url, DIRECT_URL: url }, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
