import { defineFault } from '../fault.ts';
import { changeVariables, everywhere, restoreVariables, untilLog } from './_steps.ts';

export const redisAuthFault = defineFault({
  name: 'redis-auth',
  area: 'Redis',
  summary: 'REDIS_AUTH is wrong: ingestion hangs, other calls with a key are slow',
  firstVerdict: 'redis/auth',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { REDIS_AUTH: 'not-the-password' }, ['web', 'worker']);
    await untilLog(context, 'worker', /WRONGPASS|NOAUTH/);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
