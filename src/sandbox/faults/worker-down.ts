import { defineFault } from '../fault.ts';

/** Nobody processes the queue: web goes on accepting, nothing arrives in ClickHouse. */
export const workerDownFault = defineFault({
  name: 'worker-down',
  area: 'Redis',
  summary: 'the worker is scaled to zero: events are accepted and never processed',
  firstVerdict: 'worker/running',
  expects: 'findings',
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
  break: ({ kube, names }) => kube.scale(names.namespace, names.worker, 0),
  mend: async ({ kube, names }) => {
    await kube.scale(names.namespace, names.worker, 1);
    await kube.ready(names.namespace, names.worker);
  },
});
