import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll } from './_places.ts';
import { restoreContainers, setEnv } from './_steps.ts';

export const webWorkerDisagreeFault = defineFault({
  name: 'web-worker-disagree',
  area: 'clients',
  summary: 'the worker reads events under another prefix than web writes them to',
  firstVerdict: 'config/web-worker-agree',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await setEnv(context, 'worker', { LANGFUSE_S3_EVENT_UPLOAD_PREFIX: 'other/' });
    await readyAll(context, ['worker']);
  },
  mend: async (context) => {
    await restoreContainers(context, ['worker']);
  },
});
