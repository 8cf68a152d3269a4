import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { startStore, stopStore } from './_scale.ts';

/** Someone scaled Redis to zero: its Service has no endpoint, what asks it is refused. */
export const redisDownFault = defineFault({
  name: 'redis-down',
  area: 'Redis',
  summary: 'Redis is scaled to zero: web hangs on every call with a key, the worker takes no job',
  firstVerdict: 'redis/reachable',
  expects: 'findings',
  losesAt: 'http',
  ...sinceThree,
  break: (context) => stopStore(context, 'redis'),
  mend: (context) => startStore(context, 'redis'),
});
