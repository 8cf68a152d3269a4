import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll } from './_places.ts';
import { restoreContainers, setEnv } from './_steps.ts';

export const queueDisabledFault = defineFault({
  name: 'queue-disabled',
  area: 'Redis',
  summary: 'the worker consumes no ingestion queue: traces are accepted and stay in Redis',
  firstVerdict: 'worker/consuming',
  expects: 'findings',
  losesAt: 'queue',
  ...sinceThree,
  break: async (context) => {
    await setEnv(context, 'worker', { QUEUE_CONSUMER_INGESTION_QUEUE_IS_ENABLED: 'false' });
    await readyAll(context, ['worker']);
  },
  mend: async (context) => {
    await restoreContainers(context, ['worker']);
  },
});
