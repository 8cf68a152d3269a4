import { defineFault } from '../fault.ts';
import {
  changeVariables,
  everywhere,
  hasCrashed,
  restoreVariables,
  variableValue,
  untilPod,
} from './_steps.ts';

export const wrongHostFault = defineFault({
  name: 'wrong-host',
  area: 'Postgres',
  summary: 'DATABASE_URL and DIRECT_URL name a host that is no Service: web crashes at its migrations',
  firstVerdict: 'config/database-url',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const url = (await variableValue(context, 'DATABASE_URL')).replace(/@[^:/]+/, '@postgres-primary');
    await changeVariables(context, { DATABASE_URL: url, DIRECT_URL: url }, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
