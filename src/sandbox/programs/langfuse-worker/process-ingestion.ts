import { entityOf, type IngestionEvent } from '../langfuse/events.ts';
import { uuid } from '../langfuse/ids.ts';
import type { Attribution, IngestionJob } from '../langfuse/ingestion.ts';
import { messageOf } from '../langfuse/log.ts';
import type { ClickHouseWriter } from './clickhouse-writer.ts';
import { writesEvents } from './tables.ts';
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
  const { events, createdAt } = await readFiles(worker, data);
  const entity = entityOf(data.type) ?? 'sdk_log';
  const [first] = events;
  if (first === undefined || entity === 'sdk_log') {
    worker.log.warn(`No events found for project ${projectId} and event ${data.eventBodyId}`);
    return;
  }
  if (worker.settings.text('LANGFUSE_ENABLE_BLOB_STORAGE_FILE_LOG') !== 'false')
    writer.add('blob_storage_file_log', fileRow(worker, projectId, entity, data));
  await writeEntity(worker, writer, {
    entity,
    projectId,
    entityId: first.body.id,
    createdAt,
    events,
    attribution: attributionOf(data),
    toStaging: data.forwardToEventsTable ?? writesEvents(worker),
  });
}

/** All events of the entity, and when the first of its files was written. */
async function readFiles(
  { objects }: Worker,
  data: IngestionJob['data'],
): Promise<{ readonly events: readonly IngestionEvent[]; readonly createdAt: Date }> {
  const files = data.skipS3List
    ? [{ key: `${data.bucketPrefix}${data.fileKey}.json`, lastModified: new Date() }]
    : await objects.list(data.bucketPrefix);
  const texts = await Promise.all(files.map(async ({ key }) => await objects.download(key)));
  const events = texts.flatMap((text) => JSON.parse(text) as IngestionEvent[]);
  const times = files.map(({ lastModified }) => lastModified.getTime());
  return { events, createdAt: times.length === 0 ? new Date() : new Date(Math.min(...times)) };
}

/** Jobs of replays and of older releases name neither key nor SDK. */
function attributionOf(data: IngestionJob['data']): Attribution {
  return {
    ingestionApiKey: data.ingestionApiKey ?? '',
    ingestionSdkName: data.ingestionSdkName ?? 'unknown',
    ingestionSdkVersion: data.ingestionSdkVersion ?? 'unknown',
  };
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
