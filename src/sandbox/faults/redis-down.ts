import { defineFault } from '../fault.ts';
import { everywhere, startStore, stopStore } from './_steps.ts';

/** Someone scaled Redis to zero: its Service has no endpoint, what asks it is refused. */
export const redisDownFault = defineFault({
  name: 'redis-down',
  area: 'Redis',
  summary: 'Redis is scaled to zero: web hangs on every call with a key, the worker takes no job',
  firstVerdict: 'redis/reachable',
  expects: 'findings',
  ...everywhere,
  break: (context) => stopStore(context, 'redis'),
  mend: (context) => startStore(context, 'redis'),
});
