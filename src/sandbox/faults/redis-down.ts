import { defineFault } from '../fault.ts';

/** Someone scaled Redis to zero: its Service has no endpoint, what asks it is refused. */
export const redisDownFault = defineFault({
  name: 'redis-down',
  area: 'Redis',
  summary: 'Redis is scaled to zero: web hangs on every call with a key, the worker takes no job',
  firstVerdict: 'redis/reachable',
  expects: 'findings',
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
  break: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.redis;
    await kube.scale(namespace, workload, 0, kind);
  },
  mend: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.redis;
    await kube.scale(namespace, workload, 1, kind);
    await kube.ready(namespace, workload, kind);
    await kube.ready(names.namespace, names.web);
    await kube.ready(names.namespace, names.worker);
  },
});
