import { defineFault } from '../fault.ts';
import { present } from '../fault-context.ts';
import { sinceThree } from './_applies.ts';
import { startDeployment, stopDeployment } from './_scale.ts';

/** Nobody processes the queue: web goes on accepting, nothing arrives in ClickHouse. */
export const workerDownFault = defineFault({
  name: 'worker-down',
  area: 'Redis',
  summary: 'the worker is scaled to zero: events are accepted and never processed',
  firstVerdict: 'worker/running',
  expects: 'findings',
  losesAt: 'queue',
  ...sinceThree,
  break: (context) => stopDeployment(context, present(context.names.worker, 'worker')),
  mend: (context) => startDeployment(context, present(context.names.worker, 'worker')),
});
