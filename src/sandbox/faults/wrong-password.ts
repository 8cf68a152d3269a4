import { defineFault } from '../fault.ts';
import { changeSecret, everywhere, hasCrashed, restoreSecret, secretValue, untilPod } from './_steps.ts';

export const wrongPasswordFault = defineFault({
  name: 'wrong-password',
  area: 'Postgres',
  summary: 'the password in DATABASE_URL is not the one of the role: web crashes with P1000',
  firstVerdict: 'postgres/auth',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const url = (await secretValue(context, 'DATABASE_URL')).replace(/:[^:@/]+@/, ':not-the-password@');
    await changeSecret(context, { DATABASE_URL: url, DIRECT_URL: url }, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreSecret(context, ['web', 'worker']);
  },
});
