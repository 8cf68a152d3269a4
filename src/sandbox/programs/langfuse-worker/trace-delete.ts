import type { Worker } from './worker.ts';

/** Payload of a trace-delete job. */
export interface TraceDeleteJob {
  readonly projectId: string;
  readonly traceIds: readonly string[];
}

/** One run takes all open deletions of the project, up to LANGFUSE_DELETE_BATCH_SIZE. */
export async function processTraceDelete(worker: Worker, job: TraceDeleteJob): Promise<void> {
  const { projectId } = job;
  const limit = worker.settings.number('LANGFUSE_DELETE_BATCH_SIZE', 2000);
  const open = await worker.postgres.query<{ object_id: string }>(
    `SELECT object_id FROM pending_deletions WHERE project_id = $1 AND object = 'trace' AND NOT is_deleted LIMIT $2`,
    [projectId, limit],
  );
  const traceIds = [...new Set([...open.map(({ object_id }) => object_id), ...job.traceIds])].slice(0, limit);
  if (traceIds.length === 0) return;
  worker.log.info(`Deleting ${traceIds.length} traces in project ${projectId}`);
  await removeFiles(worker, projectId, traceIds);
  await removeRows(worker, projectId, traceIds);
  await worker.postgres.query(
    `UPDATE pending_deletions SET is_deleted = true, updated_at = now()
     WHERE project_id = $1 AND object = 'trace' AND object_id = ANY($2)`,
    [projectId, traceIds],
  );
}

const ofTheTraces = `project_id = {projectId: String} AND (
  (entity_type = 'trace' AND entity_id IN {traceIds: Array(String)})
  OR (entity_type = 'observation' AND entity_id IN
    (SELECT id FROM observations WHERE project_id = {projectId: String} AND trace_id IN {traceIds: Array(String)}))
  OR (entity_type = 'score' AND entity_id IN
    (SELECT id FROM scores WHERE project_id = {projectId: String} AND trace_id IN {traceIds: Array(String)})))`;

/** Event files as blob_storage_file_log knows them; raw OTLP files are in no log and stay. */
async function removeFiles(worker: Worker, projectId: string, traceIds: readonly string[]): Promise<void> {
  const parameters = { projectId, traceIds };
  const files = await worker.clickhouse.select<{ bucket_path: string }>(
    `SELECT DISTINCT bucket_path FROM blob_storage_file_log WHERE ${ofTheTraces}`,
    parameters,
  );
  if (files.length > 0) await worker.objects.remove(files.map(({ bucket_path }) => bucket_path));
  await worker.clickhouse.command(`DELETE FROM blob_storage_file_log WHERE ${ofTheTraces}`, parameters);
}

async function removeRows(
  { clickhouse, postgres }: Worker,
  projectId: string,
  traceIds: readonly string[],
): Promise<void> {
  for (const [table, column] of [
    ['observations', 'trace_id'],
    ['scores', 'trace_id'],
    ['traces', 'id'],
  ] as const)
    await clickhouse.command(
      `DELETE FROM ${table} WHERE project_id = {projectId: String} AND ${column} IN {traceIds: Array(String)}`,
      { projectId, traceIds },
    );
  for (const table of ['trace_media', 'observation_media'])
    await postgres.query(`DELETE FROM ${table} WHERE project_id = $1 AND trace_id = ANY($2)`, [
      projectId,
      traceIds,
    ]);
}

/** Payload of a score-delete job. */
export interface ScoreDeleteJob {
  readonly projectId: string;
  readonly scoreIds: readonly string[];
}

/** Deletes scores by their ids, as the queue's job asks. */
export async function processScoreDelete({ clickhouse }: Worker, job: ScoreDeleteJob): Promise<void> {
  await clickhouse.command(
    'DELETE FROM scores WHERE project_id = {projectId: String} AND id IN {scoreIds: Array(String)}',
    { projectId: job.projectId, scoreIds: job.scoreIds },
  );
}
