import type { Job, Worker as BullWorker } from 'bullmq';
import type { IngestionJob } from '../langfuse/ingestion.ts';
import { messageOf } from '../langfuse/log.ts';
import { queueConnection, queuePrefix } from '../langfuse/queues.ts';
import { redisTarget, type RedisPlace } from '../langfuse/redis.ts';
import { startClickHouseWriter, type ClickHouseWriter } from './clickhouse-writer.ts';
import { processIngestion } from './process-ingestion.ts';
import { processOtel, type OtelJob } from './process-otel.ts';
import { consumes, executors } from './queue-names.ts';
import {
  processScoreDelete,
  processTraceDelete,
  type ScoreDeleteJob,
  type TraceDeleteJob,
} from './trace-delete.ts';
import type { Worker } from './worker.ts';

/** The queues' running consumers. */
export interface Consumers {
  /** Waits for the jobs under way and writes what is buffered. */
  readonly close: () => Promise<void>;
}

type Process = (payload: unknown) => Promise<void>;

/** Starts a BullMQ worker for each queue that this stand-in knows how to work on. */
export async function startConsumers(worker: Worker, place: RedisPlace): Promise<Consumers> {
  if (redisTarget(worker.settings) === undefined) return { close: async () => undefined };
  const { Worker: Consumer } = await import('../langfuse/bullmq.ts');
  const writer = lateWriter(worker);
  const started: BullWorker[] = [];
  for (const [queue, variable] of executors) {
    const plan = planFor(worker, writer.get, queue);
    if (plan === undefined || !consumes(worker.settings, variable)) continue;
    const consumer = new Consumer(queue, async (job: Job) => await plan.process(job.data.payload), {
      connection: queueConnection(place),
      prefix: queuePrefix(place),
      skipVersionCheck: true,
      concurrency: plan.concurrency,
      ...(plan.limiter === undefined ? {} : { limiter: plan.limiter }),
    });
    logFailures(worker, queue, consumer);
    started.push(consumer);
  }
  return {
    close: async () => {
      await Promise.all(
        started.map(async (consumer) => await consumer.close(worker.redis?.status !== 'ready')),
      );
      await writer.shutdown();
    },
  };
}

function logFailures({ log }: Worker, queue: string, consumer: BullWorker): void {
  consumer.on('failed', (job, error) => {
    log.error(`Queue job ${job?.name} with id ${job?.id} in ${queue} failed ${error.message}`, error);
  });
  consumer.on('error', (error) => {
    log.error(`Queue job ${queue} errored: ${String(error)} ${messageOf(error)}`, error);
  });
}

interface QueuePlan {
  readonly process: Process;
  readonly concurrency: number;
  readonly limiter?: { readonly max: number; readonly duration: number };
}

function planFor(worker: Worker, writer: () => ClickHouseWriter, queue: string): QueuePlan | undefined {
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
        process: async (payload) => await processOtel(worker, writer(), payload as OtelJob),
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
    default:
      return undefined;
  }
}

/** The real writer is made when the first job needs it; the log shows that. */
function lateWriter(worker: Worker): {
  readonly get: () => ClickHouseWriter;
  readonly shutdown: () => Promise<void>;
} {
  let writer: ClickHouseWriter | undefined;
  return {
    get: () => (writer ??= startClickHouseWriter(worker.clickhouse, worker.settings, worker.log)),
    shutdown: async () => await writer?.shutdown(),
  };
}
