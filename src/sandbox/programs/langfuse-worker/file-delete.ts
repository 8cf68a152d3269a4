import type { ClickHouseParameters } from '../langfuse/clickhouse.ts';
import { clickHouseTime } from './values.ts';
import type { Worker } from './worker.ts';

/**
 * Removes the event files of a project that the condition finds in blob_storage_file_log. The log's rows are
 * overwritten as deleted, not removed (packages/shared/src/server/data-deletion/ingestionFileDeletion.ts).
 *
 * @param parameters values of the condition, and `projectId`
 */
export async function removeLoggedFiles(
  { clickhouse, objects, settings }: Worker,
  condition: string,
  parameters: ClickHouseParameters,
): Promise<void> {
  if (settings.text('LANGFUSE_ENABLE_BLOB_STORAGE_FILE_LOG') === 'false') return;
  const rows = await clickhouse.select<{ bucket_path: string }>(
    `SELECT * FROM blob_storage_file_log FINAL WHERE project_id = {projectId: String} AND (${condition})`,
    parameters,
  );
  if (rows.length === 0) return;
  await objects.remove(rows.map(({ bucket_path }) => bucket_path));
  const event_ts = clickHouseTime(new Date());
  await clickhouse.insert(
    'blob_storage_file_log',
    rows.map((row) => ({ ...row, is_deleted: 1, event_ts })),
  );
}
