import type { IngestionJob } from '../langfuse/ingestion.ts';
import type { ClickHouseWriter } from './clickhouse-writer.ts';
import { processRetention, type RetentionJob } from './data-retention.ts';
import { processIngestion } from './process-ingestion.ts';
import { processOtel, type OtelJob } from './process-otel.ts';
import { processProjectDelete, type ProjectDeleteJob } from './project-delete.ts';
import { scheduleOf } from './schedules.ts';
import {
  processScoreDelete,
  processTraceDelete,
  type ScoreDeleteJob,
  type TraceDeleteJob,
} from './trace-delete.ts';
import type { Worker } from './worker.ts';

/** How one queue is worked on. */
export interface QueuePlan {
  readonly process: (payload: unknown) => Promise<void>;
  readonly concurrency: number;
  readonly limiter?: { readonly max: number; readonly duration: number };
}

/** Undefined for a queue whose jobs this stand-in leaves alone. */
export function planFor(
  worker: Worker,
  writer: () => ClickHouseWriter,
  queue: string,
): QueuePlan | undefined {
  const { settings, host } = worker;
  switch (queue) {
    case 'ingestion-queue':
    case 'secondary-ingestion-queue':
      return {
        process: async (payload) => await processIngestion(worker, writer(), payload as IngestionJob),
        concurrency: settings.number('LANGFUSE_INGESTION_QUEUE_PROCESSING_CONCURRENCY', 20),
      };
    case 'otel-ingestion-queue':
    case 'secondary-otel-ingestion-queue':
      return {
        process: async (payload) => await processOtel(worker, writer, payload as OtelJob),
        concurrency: settings.number('LANGFUSE_OTEL_INGESTION_QUEUE_PROCESSING_CONCURRENCY', 5),
      };
    case 'trace-delete':
      return {
        process: async (payload) => await processTraceDelete(worker, payload as TraceDeleteJob),
        concurrency: settings.number('LANGFUSE_TRACE_DELETE_CONCURRENCY', 1),
        limiter: {
          max: settings.number('LANGFUSE_TRACE_DELETE_CONCURRENCY', 1),
          duration:
            settings.number('LANGFUSE_CLICKHOUSE_TRACE_DELETION_CONCURRENCY_DURATION_MS', 120_000) /
            host.timeScale,
        },
      };
    case 'score-delete':
      return {
        process: async (payload) => await processScoreDelete(worker, payload as ScoreDeleteJob),
        concurrency: settings.number('LANGFUSE_SCORE_DELETE_CONCURRENCY', 1),
      };
    case 'project-delete':
      return {
        process: async (payload) => await processProjectDelete(worker, payload as ProjectDeleteJob),
        concurrency: settings.number('LANGFUSE_PROJECT_DELETE_CONCURRENCY', 1),
        limiter: projectLimiter(worker),
      };
    case 'data-retention-processing-queue':
      return {
        process: async (payload) => await processRetention(worker, payload as RetentionJob),
        concurrency: 1,
        limiter: projectLimiter(worker),
      };
    default:
      return scheduledPlan(worker, queue);
  }
}

/** One project in ten minutes, for deletion and for retention. */
function projectLimiter({ settings, host }: Worker): Required<QueuePlan>['limiter'] {
  const durationMs = settings.number('LANGFUSE_CLICKHOUSE_PROJECT_DELETION_CONCURRENCY_DURATION_MS', 600_000);
  const max = settings.number('LANGFUSE_PROJECT_DELETE_CONCURRENCY', 1);
  return { max, duration: durationMs / host.timeScale };
}

function scheduledPlan(worker: Worker, queue: string): QueuePlan | undefined {
  const schedule = scheduleOf(queue);
  return schedule && { process: async () => await schedule.process(worker), concurrency: 1 };
}
