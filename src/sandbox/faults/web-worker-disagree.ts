import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll } from './_places.ts';
import { restoreContainers, setEnv } from './_steps.ts';

export const webWorkerDisagreeFault = defineFault({
  name: 'web-worker-disagree',
  area: 'clients',
  summary: 'the worker reads events from another bucket than web writes them to: none is processed',
  firstVerdict: 'config/web-worker-agree',
  expects: 'findings',
  losesAt: 'queue',
  ...sinceThree,
  break: async (context) => {
    // Another prefix would lose nothing: jobs carry the one that web wrote under.
    await setEnv(context, 'worker', { LANGFUSE_S3_EVENT_UPLOAD_BUCKET: 'langfuse-staging' });
    await readyAll(context, ['worker']);
  },
  mend: async (context) => {
    await restoreContainers(context, ['worker']);
  },
});
