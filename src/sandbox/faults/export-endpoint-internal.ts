import type { FaultContext } from '../fault.ts';
import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { innerStore, sameStore, someProject } from './_buckets.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables, variableValue } from './_steps.ts';

const exports = 'LANGFUSE_S3_BATCH_EXPORT';
const id = 'drill-export-1';

export const exportEndpointInternalFault = defineFault({
  name: 'export-endpoint-internal',
  area: 'objects',
  summary: 'a user was mailed the link of an export, and it leads to a name of the cluster',
  firstVerdict: 'objects/export-endpoint',
  expects: 'healthy',
  ...sinceThree,
  break: async (context) => {
    if ((await variableValue(context, `${exports}_ENABLED`)) !== 'true') await switchOn(context);
    await finishExport(context);
  },
  mend: async (context) => {
    await context.postgres('DELETE FROM batch_exports WHERE id = $1', [id]);
    await restoreVariables(context, ['web', 'worker']);
  },
});

async function switchOn(context: FaultContext): Promise<void> {
  const { bucket } = await innerStore(context);
  const values = { ...(await sameStore(context, exports)), [`${exports}_BUCKET`]: bucket };
  await changeVariables(context, { ...values, [`${exports}_ENABLED`]: 'true' }, ['web', 'worker']);
  await readyAll(context, ['web', 'worker']);
}

/** The row as the worker leaves it (worker/src/features/batchExport/handleBatchExportJob.ts of langfuse/langfuse). */
async function finishExport(context: FaultContext): Promise<void> {
  const { bucket, endpoint } = await innerStore(context);
  const url = `${endpoint}/${bucket}/exports/1-lf-traces-export.csv?X-Amz-Signature=drill`;
  await context.postgres(
    `INSERT INTO batch_exports (id, project_id, user_id, name, status, query, format, url, finished_at, expires_at)
     VALUES ($1, $2, 'drill', 'traces', 'COMPLETED', '{}', 'CSV', $3, now(), now() + interval '1 day')`,
    [id, await someProject(context), url],
  );
}
