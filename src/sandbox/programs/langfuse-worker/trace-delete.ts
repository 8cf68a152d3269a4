import type { ClickHouseParameters } from '../langfuse/clickhouse.ts';
import { isLeftAlone } from '../langfuse/deletion-guard.ts';
import { removeLoggedFiles } from './file-delete.ts';
import { removeMedia } from './media-delete.ts';
import { writesEvents } from './tables.ts';
import type { Worker } from './worker.ts';

/** Payload of a trace-delete job. */
export interface TraceDeleteJob {
  readonly projectId: string;
  readonly traceIds: readonly string[];
}

/** One run takes all open deletions of the project, up to LANGFUSE_DELETE_BATCH_SIZE. */
export async function processTraceDelete(worker: Worker, job: TraceDeleteJob): Promise<void> {
  const { log, postgres } = worker;
  const { projectId } = job;
  const traceIds = await idsToDelete(worker, job);
  if (traceIds.length === 0 || isLeftAlone(worker, projectId, 'trace')) return;
  const which = `Deleting traces ${JSON.stringify(traceIds)} in project ${projectId}`;
  log.info(`${which} from Postgres`);
  await postgres.query('DELETE FROM job_executions WHERE project_id = $1 AND job_input_trace_id = ANY($2)', [
    projectId,
    traceIds,
  ]);
  log.info(`${which} from Clickhouse`);
  await removeMedia(worker, projectId, traceIds);
  await removeFiles(worker, { projectId, traceIds });
  await removeRows(worker, { projectId, traceIds });
  await postgres.query(
    `UPDATE pending_deletions SET is_deleted = true, updated_at = now()
     WHERE project_id = $1 AND object = 'trace' AND NOT is_deleted AND object_id = ANY($2)`,
    [projectId, traceIds],
  );
}

/** What is still asked for, and of the job itself what no earlier run has done. */
async function idsToDelete({ settings, postgres }: Worker, job: TraceDeleteJob): Promise<string[]> {
  const rows = await postgres.query<{ object_id: string; is_deleted: boolean }>(
    `SELECT object_id, is_deleted FROM pending_deletions
     WHERE project_id = $1 AND object = 'trace' AND (NOT is_deleted OR object_id = ANY($2))`,
    [job.projectId, job.traceIds],
  );
  const done = new Set(rows.filter((row) => row.is_deleted).map((row) => row.object_id));
  const open = rows.filter((row) => !row.is_deleted).map((row) => row.object_id);
  const ids = new Set([...open, ...job.traceIds.filter((id) => !done.has(id))]);
  return [...ids].slice(0, settings.number('LANGFUSE_DELETE_BATCH_SIZE', 2000));
}

/** Entities of the traces by the table that has them; spans of 4 are logged as observations. */
const idsOf = (entity: string, column: string, table: string): string =>
  `OR (entity_type = '${entity}' AND entity_id IN (SELECT ${column} FROM ${table}
    WHERE project_id = {projectId: String} AND trace_id IN {traceIds: Array(String)}))`;

/** Event files of the traces and of all that hangs on them; raw OTLP files are in no log and stay. */
async function removeFiles(worker: Worker, parameters: ClickHouseParameters): Promise<void> {
  await removeLoggedFiles(
    worker,
    `(entity_type = 'trace' AND entity_id IN {traceIds: Array(String)})
     ${idsOf('observation', 'id', 'observations')} ${idsOf('score', 'id', 'scores')}
     ${writesEvents(worker) ? idsOf('observation', 'span_id', 'events_core') : ''}`,
    parameters,
  );
}

/** The view that fills events_core passes no deletion on: both tables are named. */
async function removeRows(worker: Worker, parameters: ClickHouseParameters): Promise<void> {
  const tables = [
    ['observations', 'trace_id'],
    ['scores', 'trace_id'],
    ['traces', 'id'],
    ...(writesEvents(worker)
      ? ([
          ['events_full', 'trace_id'],
          ['events_core', 'trace_id'],
        ] as const)
      : []),
  ] as const;
  for (const [table, column] of tables)
    await worker.clickhouse.command(
      `DELETE FROM ${table} WHERE project_id = {projectId: String} AND ${column} IN {traceIds: Array(String)}`,
      parameters,
    );
}

/** Payload of a score-delete job. */
export interface ScoreDeleteJob {
  readonly projectId: string;
  readonly scoreIds: readonly string[];
}

/** Deletes scores by their ids, as the queue's job asks. */
export async function processScoreDelete(worker: Worker, job: ScoreDeleteJob): Promise<void> {
  if (isLeftAlone(worker, job.projectId, 'score')) return;
  await worker.clickhouse.command(
    'DELETE FROM scores WHERE project_id = {projectId: String} AND id IN {scoreIds: Array(String)}',
    { projectId: job.projectId, scoreIds: job.scoreIds },
  );
}
