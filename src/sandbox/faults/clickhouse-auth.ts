import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const clickhouseAuthFault = defineFault({
  name: 'clickhouse-auth',
  area: 'ClickHouse',
  summary: 'CLICKHOUSE_PASSWORD is wrong: web cannot migrate, the worker cannot write',
  firstVerdict: 'clickhouse/auth',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await changeVariables(context, { CLICKHOUSE_PASSWORD: 'not-the-password' }, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
