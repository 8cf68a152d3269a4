import { uuid } from '../langfuse/ids.ts';
import { removeLoggedFiles } from './file-delete.ts';
import { hasMedia, removeAllOf, type MediaRow } from './media-delete.ts';
import { writesEvents } from './tables.ts';
import { clickHouseTime } from './values.ts';
import type { Worker } from './worker.ts';

/** Payload of a data-retention-processing-queue job; the project's own value of the moment counts. */
export interface RetentionJob {
  readonly projectId: string;
  readonly retention: number;
}

const jobName = 'data-retention-processing-job';

/** Once a day: a job for each project that has projects.retention_days (worker/src/ee/dataRetention). */
export async function scheduleRetention(worker: Worker): Promise<void> {
  const projects = await worker.postgres.query<{ id: string; retention_days: number }>(
    'SELECT id, retention_days FROM projects WHERE retention_days > 0',
  );
  const queue = await worker.queues.get('data-retention-processing-queue');
  const timestamp = new Date().toISOString();
  const opts = { attempts: 5, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true };
  await queue.addBulk(
    projects.map(({ id: projectId, retention_days: retention }) => ({
      name: jobName,
      data: { id: uuid(), name: jobName, timestamp, payload: { projectId, retention } },
      opts: { ...opts, removeOnFail: 100_000 },
    })),
  );
}

/** Deletes what is older than the project keeps; raw OTLP files, sessions and audit logs stay. */
export async function processRetention(worker: Worker, job: RetentionJob): Promise<void> {
  const { projectId, retention } = job;
  const say = (text: string): void => worker.log.info(`[Data Retention] ${text}`);
  const [project] = await worker.postgres.query<{ retention_days: number | null }>(
    'SELECT retention_days FROM projects WHERE id = $1',
    [projectId],
  );
  const days = project?.retention_days ?? 0;
  if (days === 0) {
    say(`Skipping project ${projectId} - retention disabled or set to 0`);
    return;
  }
  if (days !== retention)
    worker.log.warn(
      `[Data Retention] Retention changed for project ${projectId}: queued=${retention} days, ` +
        `current=${days} days. Using current value.`,
    );
  const before = new Date(Date.now() - days * 86_400_000);
  const what = `older than ${days} days for project ${projectId}`;
  if (hasMedia(worker)) {
    say(`Deleting media files ${what}`);
    say(`Deleted ${await removeOldMedia(worker, projectId, before)} media files for project ${projectId}`);
  }
  say(`Deleting ClickHouse and S3 data ${what}`);
  await removeOldRows(worker, projectId, before);
  say(`Deleted ClickHouse and S3 data ${what}`);
}

async function removeOldMedia(worker: Worker, projectId: string, before: Date): Promise<number> {
  const media = await worker.postgres.query<MediaRow>(
    'SELECT id, bucket_path FROM media WHERE project_id = $1 AND created_at <= $2',
    [projectId, before.toISOString()],
  );
  await removeAllOf(worker, projectId, media);
  return media.length;
}

async function removeOldRows(worker: Worker, projectId: string, before: Date): Promise<void> {
  const parameters = { projectId, before: clickHouseTime(before) ?? '' };
  await removeLoggedFiles(worker, 'created_at < {before: DateTime64(3)}', parameters);
  const tables = [
    ['traces', 'timestamp'],
    ['observations', 'start_time'],
    ['scores', 'timestamp'],
    ...(writesEvents(worker)
      ? ([
          ['events_full', 'start_time'],
          ['events_core', 'start_time'],
        ] as const)
      : []),
  ] as const;
  for (const [table, column] of tables)
    await worker.clickhouse.command(
      `DELETE FROM ${table} WHERE project_id = {projectId: String} AND ${column} < {before: DateTime64(3)}`,
      parameters,
    );
}
