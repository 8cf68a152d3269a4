import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { redisPassword } from './_logins.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { untilLog } from './_waits.ts';

export const redisAuthFault = defineFault({
  name: 'redis-auth',
  area: 'Redis',
  summary: 'the password of Redis is wrong: ingestion hangs, other calls with a key are slow',
  firstVerdict: 'redis/auth',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await changeVariables(context, await redisPassword(context, 'not-the-password'), ['web', 'worker']);
    await untilLog(context, 'worker', /WRONGPASS|NOAUTH/);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
