import { messageOf } from '../langfuse/log.ts';
import { removeLoggedFiles } from './file-delete.ts';
import { hasMedia, removeLinks, removeMediaOf } from './media-delete.ts';
import { emptyTable, projectTables } from './project-delete.ts';
import type { Worker } from './worker.ts';

/**
 * LANGFUSE_BATCH_PROJECT_CLEANER_ENABLED: empties the stores of projects whose deletion has begun, whatever became of
 * the job. It never removes the projects' rows (worker/src/features/batch-project-cleaner/index.ts and its neighbours
 * for media and files; here one round does all three).
 */
export function startProjectCleaner(worker: Worker): void {
  const { settings, host, closing } = worker;
  if (!settings.flag('LANGFUSE_BATCH_PROJECT_CLEANER_ENABLED', false)) return;
  for (const name of cleanerNames(worker)) worker.log.info(`Starting ${name}`);
  const waitMs = (found: boolean): number =>
    (found
      ? settings.number('LANGFUSE_BATCH_PROJECT_CLEANER_CHECK_INTERVAL_MS', 600_000)
      : settings.number('LANGFUSE_BATCH_PROJECT_CLEANER_SLEEP_ON_EMPTY_MS', 3_600_000)) / host.timeScale;
  const next = async (): Promise<void> => {
    const found = await clean(worker);
    if (closing.signal.aborted) return;
    const timer = setTimeout(() => void next(), waitMs(found));
    closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  void next();
}

function cleanerNames(worker: Worker): string[] {
  return [
    ...projectTables(worker).map((table) => `BatchProjectCleaner(${table})`),
    ...(hasMedia(worker) ? ['BatchProjectMediaCleaner'] : []),
    'BatchProjectBlobCleaner',
  ];
}

/** One round. @returns whether there was anything; a failure counts as nothing and is logged */
async function clean(worker: Worker): Promise<boolean> {
  const { log } = worker;
  try {
    const projectIds = await deletedProjects(worker);
    if (projectIds.length === 0) return false;
    let found = false;
    for (const table of projectTables(worker)) found = (await cleanTable(worker, table, projectIds)) || found;
    for (const projectId of projectIds) await cleanFiles(worker, projectId);
    return found;
  } catch (error) {
    if (!worker.closing.signal.aborted)
      log.error(`BatchProjectCleaner: Failed to query deleted projects ${messageOf(error)}`, error);
    return false;
  }
}

async function deletedProjects({ postgres, settings }: Worker): Promise<string[]> {
  const rows = await postgres.query<{ id: string }>(
    'SELECT id FROM projects WHERE deleted_at IS NOT NULL LIMIT $1',
    [settings.number('LANGFUSE_BATCH_PROJECT_CLEANER_PROJECT_LIMIT', 1000)],
  );
  return rows.map(({ id }) => id);
}

async function cleanTable(worker: Worker, table: string, all: readonly string[]): Promise<boolean> {
  const name = `BatchProjectCleaner(${table})`;
  const counts = await worker.clickhouse.select<{ project_id: string; count: number }>(
    `SELECT project_id, count() AS count FROM ${table}
     WHERE project_id IN ({projectIds: Array(String)}) GROUP BY project_id`,
    { projectIds: all },
  );
  if (counts.length === 0) {
    worker.log.info(`${name}: No data found for deleted projects in ${table}`);
    return false;
  }
  await emptyTable(
    worker,
    table,
    counts.map(({ project_id: id }) => id),
  );
  const totalRowsTargeted = counts.reduce((sum, { count }) => sum + count, 0);
  const detail = { table, projectsProcessed: counts.length, totalRowsTargeted };
  worker.log.info(`${name}: Batch deletion completed`, detail);
  return true;
}

async function cleanFiles(worker: Worker, projectId: string): Promise<void> {
  if (hasMedia(worker)) {
    await removeLinks(worker, projectId);
    await removeMediaOf(worker, projectId);
  }
  await removeLoggedFiles(worker, 'true', { projectId });
}
