import { acceptEvents, type JobAuth } from '../langfuse/ingestion.ts';
import { entityOf } from '../langfuse/events.ts';
import { messageOf } from '../langfuse/log.ts';
import { eventsOfSpans } from '../langfuse/otel-events.ts';
import type { OtlpResourceSpans } from '../langfuse/otel-attributes.ts';
import type { ClickHouseWriter } from './clickhouse-writer.ts';
import { writeEntity } from './write-entity.ts';
import type { Worker } from './worker.ts';

/** Payload of an otel-ingestion-queue job. */
export interface OtelJob {
  readonly data: { readonly fileKey: string; readonly publicKey?: string };
  readonly authCheck: JobAuth;
}

/** One export: its trace events go back through S3 and ingestion-queue, its observations straight to the writer. */
export async function processOtel(worker: Worker, writer: ClickHouseWriter, job: OtelJob): Promise<void> {
  const { projectId } = job.authCheck.scope;
  try {
    const text = await worker.objects.download(job.data.fileKey);
    const events = eventsOfSpans(JSON.parse(text) as OtlpResourceSpans[]);
    const traces = events.filter(({ type }) => entityOf(type) === 'trace');
    await acceptEvents(worker, traces, job.authCheck, 'otel');
    for (const event of events.filter(({ type }) => entityOf(type) === 'observation')) {
      const { id } = event.body;
      const createdAt = new Date();
      await writeEntity(worker, writer, {
        entity: 'observation',
        projectId,
        entityId: id,
        createdAt,
        events: [event],
      });
    }
  } catch (error) {
    worker.log.error(`Failed job otel ingestion processing for ${projectId} ${messageOf(error)}`, error);
    throw error;
  }
}
