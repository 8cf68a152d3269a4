import type { FaultContext } from '../fault.ts';
import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { innerStore, sameStore, someProject } from './_buckets.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables, variableValue } from './_steps.ts';

const media = 'LANGFUSE_S3_MEDIA_UPLOAD';
const id = 'drillMediaNeverUploads';

export const mediaEndpointInternalFault = defineFault({
  name: 'media-endpoint-internal',
  area: 'objects',
  summary: 'an SDK outside the cluster got a link to upload an image, and it leads to a name of the cluster',
  firstVerdict: 'objects/media-endpoint',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    const { bucket, endpoint } = await innerStore(context);
    if ((await variableValue(context, `${media}_ENDPOINT`)) !== endpoint) await pointInside(context, bucket);
    await register(context, bucket);
  },
  mend: async (context) => {
    await context.postgres('DELETE FROM media WHERE id = $1', [id]);
    await restoreVariables(context, ['web', 'worker']);
  },
});

/** Where media are off, or at a public host: on, with the address that pods have. */
async function pointInside(context: FaultContext, bucket: string): Promise<void> {
  const values = { ...(await sameStore(context, media)), [`${media}_BUCKET`]: bucket };
  const switches = context.generation === 2 ? { [`${media}_ENABLED`]: 'true' } : {};
  await changeVariables(context, { ...values, ...switches }, ['web', 'worker']);
  await readyAll(context, ['web', 'worker']);
}

/** The row that POST /api/public/media leaves: without the report of the upload, which never came to be. */
async function register(context: FaultContext, bucket: string): Promise<void> {
  const project = await someProject(context);
  await context.postgres(
    `INSERT INTO media (id, sha_256_hash, project_id, bucket_path, bucket_name, content_type, content_length)
     VALUES ($1, $2, $3, $4, $5, 'image/png', 68)`,
    [id, `${id.padEnd(43, 'A')}=`, project, `media/${project}/${id}.png`, bucket],
  );
}
