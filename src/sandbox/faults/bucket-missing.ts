import { defineFault } from '../fault.ts';
import { changeSecret, everywhere, restoreSecret } from './_steps.ts';

export const bucketMissingFault = defineFault({
  name: 'bucket-missing',
  area: 'objects',
  summary: 'the event bucket of the variables does not exist: ingestion answers 500',
  firstVerdict: 'objects/bucket',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeSecret(context, { LANGFUSE_S3_EVENT_UPLOAD_BUCKET: 'langfuse-prod' }, ['web', 'worker']);
  },
  mend: async (context) => {
    await restoreSecret(context, ['web', 'worker']);
  },
});
