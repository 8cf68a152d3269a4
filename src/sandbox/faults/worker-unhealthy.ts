import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { redisPassword } from './_logins.ts';
import { restoreContainers, setEnv } from './_steps.ts';
import { untilLog } from './_waits.ts';

export const workerUnhealthyFault = defineFault({
  name: 'worker-unhealthy',
  area: 'pods',
  summary: 'the worker alone has a wrong Redis password: its health call answers 500',
  firstVerdict: 'worker/health',
  expects: 'findings',
  ...sinceThree,
  // Where the password is part of a URL, doctor tells that the URLs differ, which is nearer to the cause.
  layouts: ['runbook'],
  break: async (context) => {
    await setEnv(context, 'worker', await redisPassword(context, 'only-here-and-wrong', 'worker'));
    await untilLog(context, 'worker', /WRONGPASS|NOAUTH/);
  },
  mend: async (context) => {
    await restoreContainers(context, ['worker']);
  },
});
