import { defineFault } from '../fault.ts';
import { changeVariables, everywhere, hasCrashed, restoreVariables, untilPod } from './_steps.ts';

export const clickhouseAuthFault = defineFault({
  name: 'clickhouse-auth',
  area: 'ClickHouse',
  summary: 'CLICKHOUSE_PASSWORD is wrong: web cannot migrate, the worker cannot write',
  firstVerdict: 'clickhouse/auth',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { CLICKHOUSE_PASSWORD: 'not-the-password' }, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
