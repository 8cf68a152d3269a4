import { messageOf } from '../langfuse/log.ts';
import { removeLoggedFiles } from './file-delete.ts';
import { hasMedia, removeLinks, removeMediaOf } from './media-delete.ts';
import { writesEvents } from './tables.ts';
import type { Worker } from './worker.ts';

/** Payload of a project-delete job. */
export interface ProjectDeleteJob {
  readonly projectId: string;
  readonly orgId: string;
}

/** The tables that a project's deletion empties; raw OTLP files are in no log and stay. */
export function projectTables(worker: Worker): readonly string[] {
  return [
    'traces',
    'observations',
    'scores',
    ...(writesEvents(worker) ? ['events_full', 'events_core'] : []),
    'dataset_run_items_rmt',
  ];
}

/** Everything outside Postgres, then the row, with which the rest of Postgres goes (worker/src/queues/projectDelete.ts). */
export async function processProjectDelete(worker: Worker, job: ProjectDeleteJob): Promise<void> {
  const { log } = worker;
  const { projectId, orgId } = job;
  const which = `${projectId} in org ${orgId}`;
  log.info(`Deleting ${which}`);
  await removeLinks(worker, projectId);
  if (hasMedia(worker)) {
    log.info(`Deleting media for ${which}`);
    await removeMediaOf(worker, projectId);
  }
  log.info(`Deleting ClickHouse and S3 data for ${which}`);
  await removeLoggedFiles(worker, 'true', { projectId });
  for (const table of projectTables(worker)) await emptyTable(worker, table, [projectId]);
  log.info(`Deleting PG data for project ${which}`);
  await removeRow(worker, job);
}

/** Lightweight: the rows are hidden at once and go with a later merge. */
export async function emptyTable(
  { clickhouse }: Worker,
  table: string,
  projectIds: readonly string[],
): Promise<void> {
  await clickhouse.command(`DELETE FROM ${table} WHERE project_id IN ({projectIds: Array(String)})`, {
    projectIds,
  });
}

async function removeRow({ postgres, log }: Worker, { projectId, orgId }: ProjectDeleteJob): Promise<void> {
  try {
    const gone = await postgres.query('DELETE FROM projects WHERE id = $1 AND org_id = $2 RETURNING id', [
      projectId,
      orgId,
    ]);
    if (gone.length === 0)
      return log.info(`Tried to delete project ${projectId} from PG, but it does not exist anymore.`);
    return log.info(`Deleted ${projectId} in org ${orgId}`);
  } catch (error) {
    log.error(`Error deleting project ${projectId} in org ${orgId}: ${messageOf(error)}`);
    throw error;
  }
}
