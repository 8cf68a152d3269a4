import { defineFault } from '../fault.ts';
import { changeDatabase } from './_logins.ts';
import { everywhere } from './_applies.ts';
import { restoreVariables } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const wrongHostFault = defineFault({
  name: 'wrong-host',
  area: 'Postgres',
  summary: 'DATABASE_URL and DIRECT_URL name a host that is no Service: web crashes at its migrations',
  firstVerdict: 'config/database-url',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeDatabase(context, 'host', 'postgres-primary');
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
