import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { redisPassword } from './_logins.ts';
import { restoreContainer, setEnv } from './_steps.ts';
import { untilLog } from './_waits.ts';

export const workerUnhealthyFault = defineFault({
  name: 'worker-unhealthy',
  area: 'pods',
  summary: 'the worker alone has a wrong Redis password: its health call answers 500',
  firstVerdict: 'worker/health',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await setEnv(context, 'worker', await redisPassword(context, 'only-here-and-wrong', 'worker'));
    await untilLog(context, 'worker', /WRONGPASS|NOAUTH/);
  },
  mend: async (context) => {
    await restoreContainer(context, 'worker');
  },
});
