import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const bucketMissingFault = defineFault({
  name: 'bucket-missing',
  area: 'objects',
  summary: 'the event bucket of the variables does not exist: ingestion answers 500',
  firstVerdict: 'objects/bucket',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await changeVariables(context, { LANGFUSE_S3_EVENT_UPLOAD_BUCKET: 'langfuse-prod' }, ['web', 'worker']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
