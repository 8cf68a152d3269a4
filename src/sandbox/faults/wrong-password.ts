import { defineFault } from '../fault.ts';
import { changeDatabase } from './_logins.ts';
import { everywhere } from './_applies.ts';
import { restoreVariables } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const wrongPasswordFault = defineFault({
  name: 'wrong-password',
  area: 'Postgres',
  summary: 'the password in DATABASE_URL is not the one of the role: web crashes with P1000',
  firstVerdict: 'postgres/auth',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeDatabase(context, 'password', 'not-the-password');
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
