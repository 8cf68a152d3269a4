import { entityOf, type IngestionEvent } from '../langfuse/events.ts';
import { uuid } from '../langfuse/ids.ts';
import type { IngestionJob } from '../langfuse/ingestion.ts';
import { messageOf } from '../langfuse/log.ts';
import type { ClickHouseWriter } from './clickhouse-writer.ts';
import { clickHouseTime } from './values.ts';
import type { Worker } from './worker.ts';
import { writeEntity } from './write-entity.ts';

/** One job of ingestion-queue: all files of an entity become one row. */
export async function processIngestion(
  worker: Worker,
  writer: ClickHouseWriter,
  job: IngestionJob,
): Promise<void> {
  const { projectId } = job.authCheck.scope;
  try {
    await ingest(worker, writer, job, projectId);
  } catch (error) {
    worker.log.error(`Failed job ingestion processing for ${projectId} ${messageOf(error)}`, error);
    throw error;
  }
}

async function ingest(
  worker: Worker,
  writer: ClickHouseWriter,
  { data }: IngestionJob,
  projectId: string,
): Promise<void> {
  const entity = entityOf(data.type) ?? 'sdk_log';
  if (worker.settings.text('LANGFUSE_ENABLE_BLOB_STORAGE_FILE_LOG') !== 'false')
    writer.add('blob_storage_file_log', fileRow(worker, projectId, entity, data));
  const files = data.skipS3List
    ? [{ key: `${data.bucketPrefix}${data.fileKey}.json`, lastModified: new Date() }]
    : await worker.objects.list(data.bucketPrefix);
  const texts = await Promise.all(files.map(async ({ key }) => await worker.objects.download(key)));
  const events = texts.flatMap((text) => JSON.parse(text) as IngestionEvent[]);
  const [first] = files
    .map(({ lastModified }) => lastModified)
    .sort((left, right) => left.getTime() - right.getTime());
  if (events.length === 0 || entity === 'sdk_log') {
    worker.log.warn(`No events found for project ${projectId} and event ${data.eventBodyId}`);
    return;
  }
  const createdAt = first ?? new Date();
  await writeEntity(worker, writer, { entity, projectId, entityId: data.eventBodyId, createdAt, events });
}

function fileRow(
  worker: Worker,
  projectId: string,
  entity: string,
  data: IngestionJob['data'],
): { readonly id: string } & Record<string, unknown> {
  const now = clickHouseTime(new Date());
  return {
    id: uuid(),
    project_id: projectId,
    entity_type: entity,
    entity_id: data.eventBodyId,
    event_id: data.fileKey,
    bucket_name: worker.objects.bucket,
    bucket_path: `${data.bucketPrefix}${data.fileKey}.json`,
    created_at: now,
    updated_at: now,
    event_ts: now,
    is_deleted: 0,
  };
}
