import { defineFault } from '../fault.ts';
import { changeDatabase } from './_logins.ts';
import { everywhere } from './_applies.ts';
import { restoreVariables } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const unencodedPasswordFault = defineFault({
  name: 'unencoded-password',
  area: 'Postgres',
  summary: 'the password in DATABASE_URL holds # and / as they stand: the URL breaks (P1013)',
  firstVerdict: 'config/database-url',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeDatabase(context, 'password', 'pass#word/1');
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
