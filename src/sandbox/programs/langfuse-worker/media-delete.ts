import { openObjects } from '../langfuse/objects.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import type { Worker } from './worker.ts';

/** One file of the media bucket. */
export interface MediaRow extends SqlRow {
  readonly id: string;
  readonly bucket_path: string;
}

const linkTables = ['trace_media', 'observation_media'] as const;

/** Media that only these traces use: the objects first, then the rows, so that a failing bucket is tried again. */
export async function removeMedia(
  worker: Worker,
  projectId: string,
  traceIds: readonly string[],
): Promise<void> {
  if (!hasMedia(worker)) return;
  const { postgres } = worker;
  const orphans = await postgres.query<MediaRow>(orphansSql, [projectId, traceIds]);
  await removeObjects(worker, orphans);
  for (const table of linkTables)
    await postgres.query(`DELETE FROM ${table} WHERE project_id = $1 AND trace_id = ANY($2)`, [
      projectId,
      traceIds,
    ]);
  await removeMediaRows(worker, projectId, orphans);
}

/** Whether this deployment keeps media at all. */
export function hasMedia({ settings }: Worker): boolean {
  return settings.text('LANGFUSE_S3_MEDIA_UPLOAD_BUCKET') !== undefined;
}

/** Objects, links and rows, whoever uses them. */
export async function removeAllOf(
  worker: Worker,
  projectId: string,
  media: readonly MediaRow[],
): Promise<void> {
  await removeObjects(worker, media);
  for (const table of linkTables)
    await worker.postgres.query(`DELETE FROM ${table} WHERE project_id = $1 AND media_id = ANY($2)`, [
      projectId,
      media.map(({ id }) => id),
    ]);
  await removeMediaRows(worker, projectId, media);
}

/** All links of a project, those of dataset items too. */
export async function removeLinks({ postgres }: Worker, projectId: string): Promise<void> {
  for (const table of [...linkTables, 'dataset_item_media'])
    await postgres.query(`DELETE FROM ${table} WHERE project_id = $1`, [projectId]);
}

/** All media of a project: the objects, then the rows. */
export async function removeMediaOf(worker: Worker, projectId: string): Promise<void> {
  const sql = 'SELECT id, bucket_path FROM media WHERE project_id = $1';
  await removeAllOf(worker, projectId, await worker.postgres.query<MediaRow>(sql, [projectId]));
}

async function removeMediaRows(
  { postgres }: Worker,
  projectId: string,
  media: readonly MediaRow[],
): Promise<void> {
  await postgres.query('DELETE FROM media WHERE project_id = $1 AND id = ANY($2)', [
    projectId,
    media.map(({ id }) => id),
  ]);
}

/** Used by one of the traces, and by no other. */
const orphansSql = `SELECT id, bucket_path FROM media m WHERE project_id = $1
  AND (${linkTables.map((table) => used(table, 'trace_id = ANY($2)')).join(' OR ')})
  ${linkTables.map((table) => `AND NOT ${used(table, 'trace_id <> ALL($2)')}`).join(' ')}`;

function used(table: string, by: string): string {
  return `EXISTS (SELECT 1 FROM ${table} l WHERE l.project_id = m.project_id AND l.media_id = m.id AND l.${by})`;
}

async function removeObjects({ settings, host, log }: Worker, media: readonly MediaRow[]): Promise<void> {
  if (media.length === 0) return;
  const bucket = openObjects(settings, 'MEDIA_UPLOAD', host.resolve, log);
  try {
    await bucket.remove(media.map(({ bucket_path }) => bucket_path));
  } finally {
    bucket.close();
  }
}
