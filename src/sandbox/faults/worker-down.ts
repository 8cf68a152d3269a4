import { defineFault } from '../fault.ts';
import { present } from '../fault-context.ts';
import { readyAll } from './_steps.ts';

/** Nobody processes the queue: web goes on accepting, nothing arrives in ClickHouse. */
export const workerDownFault = defineFault({
  name: 'worker-down',
  area: 'Redis',
  summary: 'the worker is scaled to zero: events are accepted and never processed',
  firstVerdict: 'worker/running',
  expects: 'findings',
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
  break: ({ kube, names }) => kube.scale(names.namespace, present(names.worker, 'worker'), 0),
  mend: async (context) => {
    await context.kube.scale(context.names.namespace, present(context.names.worker, 'worker'), 1);
    await readyAll(context, ['worker']);
  },
});
