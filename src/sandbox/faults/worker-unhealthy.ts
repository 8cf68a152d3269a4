import { defineFault } from '../fault.ts';
import { everywhere, restoreContainer, setEnv, untilLog } from './_steps.ts';

export const workerUnhealthyFault = defineFault({
  name: 'worker-unhealthy',
  area: 'pods',
  summary: 'the worker alone has a wrong Redis password: its health call answers 500',
  firstVerdict: 'worker/health',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await setEnv(context, 'worker', { REDIS_AUTH: 'only-here-and-wrong' });
    await untilLog(context, 'worker', /WRONGPASS|NOAUTH/);
  },
  mend: async (context) => {
    await restoreContainer(context, 'worker');
  },
});
