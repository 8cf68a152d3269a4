import { acceptEvents, type Attribution, type JobAuth } from '../langfuse/ingestion.ts';
import { entityOf, type IngestionEvent } from '../langfuse/events.ts';
import { messageOf } from '../langfuse/log.ts';
import { eventsOfSpans } from '../langfuse/otel-events.ts';
import type { OtlpResourceSpans } from '../langfuse/otel-attributes.ts';
import { readSpans, type SpanReading } from '../langfuse/otel-span.ts';
import { migrationFlags } from '../langfuse/write-mode.ts';
import type { ClickHouseWriter } from './clickhouse-writer.ts';
import { eventRecord, type SpanOrigin } from './event-record.ts';
import { findModel } from './models.ts';
import { writesDirectly } from './otel-path.ts';
import { writeEntity } from './write-entity.ts';
import type { Worker } from './worker.ts';

/** Payload of an otel-ingestion-queue job. */
export interface OtelJob {
  readonly data: { readonly fileKey: string; readonly publicKey?: string };
  readonly authCheck: JobAuth;
  readonly sdkName?: string;
  readonly sdkVersion?: string;
  readonly ingestionVersion?: string;
}

/** One export, to the tables that the write mode names; the writer is made once the file was read. */
export async function processOtel(
  worker: Worker,
  writer: () => ClickHouseWriter,
  job: OtelJob,
): Promise<void> {
  const { projectId } = job.authCheck.scope;
  try {
    const text = await worker.objects.download(job.data.fileKey);
    const spans = readSpans(JSON.parse(text) as OtlpResourceSpans[]);
    const flags = migrationFlags(worker.settings, worker.release);
    const isDirect = writesDirectly(flags, job);
    if (flags.writesLegacy) await writeLegacy(worker, writer(), job, spans, flags.writesEvents && !isDirect);
    if (flags.writesEvents && isDirect)
      await writeEvents(
        worker,
        writer(),
        { projectId, fileKey: job.data.fileKey, attribution: attributionOf(job) },
        spans,
      );
  } catch (error) {
    worker.log.error(`Failed job otel ingestion processing for ${projectId}`);
    throw error;
  }
}

/** Trace events go back through S3 and ingestion-queue, observations straight to the writer. */
async function writeLegacy(
  worker: Worker,
  writer: ClickHouseWriter,
  job: OtelJob,
  spans: readonly SpanReading[],
  toStaging: boolean,
): Promise<void> {
  const { projectId } = job.authCheck.scope;
  const events = eventsOfSpans(spans);
  const isOf = (entity: string) => (event: IngestionEvent) => entityOf(event.type) === entity;
  const attribution = attributionOf(job);
  await acceptEvents(worker, events.filter(isOf('trace')), job.authCheck, 'otel', {
    baggage: {},
    attribution: worker.release.generation === 4 ? attribution : undefined,
    forwardToEventsTable: toStaging,
  });
  for (const event of events.filter(isOf('observation')))
    await writeEntity(worker, writer, {
      entity: 'observation',
      projectId,
      entityId: event.body.id,
      createdAt: new Date(),
      events: [event],
      toStaging,
      attribution,
    });
}

/** As the export's headers said it. */
function attributionOf({ data, sdkName, sdkVersion }: OtelJob): Attribution {
  return {
    ingestionApiKey: data.publicKey ?? '',
    ingestionSdkName: sdkName ?? 'unknown',
    ingestionSdkVersion: sdkVersion ?? 'unknown',
  };
}

/**
 * Nothing is read from ClickHouse, so an outage there lets the job succeed and the rows are dropped by the writer. A
 * span whose record cannot be made is left out with a line in the log.
 */
async function writeEvents(
  worker: Worker,
  writer: ClickHouseWriter,
  origin: SpanOrigin,
  spans: readonly SpanReading[],
): Promise<void> {
  const { postgres, log } = worker;
  const { projectId } = origin;
  await Promise.all(
    spans.map(async (span) => {
      try {
        const { model: name } = span;
        const model = typeof name === 'string' ? await findModel(postgres, projectId, name) : undefined;
        writer.add('events_full', eventRecord(span, origin, model));
      } catch (error) {
        const which = `project ${projectId} and observation ${span.spanId}`;
        log.error(`Failed to create event record for ${which} ${messageOf(error)}`);
      }
    }),
  );
}
