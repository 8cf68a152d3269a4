import type { FaultContext } from '../fault.ts';
import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { sameStore } from './_buckets.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables, variableValue } from './_steps.ts';

const media = 'LANGFUSE_S3_MEDIA_UPLOAD';

export const mediaBucketMissingFault = defineFault({
  name: 'media-bucket-missing',
  area: 'objects',
  summary: 'media are to go to a bucket that nobody made: images of traces cannot be uploaded',
  firstVerdict: 'objects/other-buckets',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    const values = { ...(await missingSettings(context)), [`${media}_BUCKET`]: 'langfuse-media-new' };
    await changeVariables(context, values, ['web', 'worker']);
    await readyAll(context, ['web', 'worker']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});

/** Where media were off: switched on with the object store that there is. */
async function missingSettings(context: FaultContext): Promise<Readonly<Record<string, string>>> {
  if ((await variableValue(context, `${media}_BUCKET`)) !== '') return {};
  const switches = context.generation === 2 ? { [`${media}_ENABLED`]: 'true' } : {};
  return { ...switches, ...(await sameStore(context, media)) };
}
