import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const s3WrongSecretFault = defineFault({
  name: 's3-wrong-secret',
  area: 'objects',
  summary: 'the secret key of the event bucket is wrong: ingestion answers 500',
  firstVerdict: 'objects/credentials',
  expects: 'findings',
  losesAt: 'http',
  ...sinceThree,
  break: async (context) => {
    await changeVariables(context, { LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY: 'not-the-secret-key' }, [
      'web',
      'worker',
    ]);
    await readyAll(context, ['web', 'worker']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
