import type { Job, Worker as BullWorker } from 'bullmq';
import { messageOf } from '../langfuse/log.ts';
import { queueConnection, queuePrefix } from '../langfuse/queues.ts';
import { redisTarget, type RedisPlace } from '../langfuse/redis.ts';
import { startClickHouseWriter, type ClickHouseWriter } from './clickhouse-writer.ts';
import { planFor } from './queue-plan.ts';
import { consumedQueues } from './queue-names.ts';
import { register, scheduleOf } from './schedules.ts';
import type { Worker } from './worker.ts';

/** The queues' running consumers. */
export interface Consumers {
  /** Waits for the jobs under way and writes what is buffered. */
  readonly close: () => Promise<void>;
}

/** Starts a BullMQ worker for each queue that this stand-in knows how to work on. */
export async function startConsumers(worker: Worker, place: RedisPlace): Promise<Consumers> {
  if (redisTarget(worker.settings) === undefined) return { close: async () => undefined };
  const { Worker: Consumer } = await import('../langfuse/bullmq.ts');
  const writer = lateWriter(worker);
  const started: BullWorker[] = [];
  for (const queue of consumedQueues(worker)) {
    const plan = planFor(worker, writer.get, queue);
    if (plan === undefined) continue;
    const consumer = new Consumer(queue, async (job: Job) => await plan.process(job.data.payload), {
      connection: queueConnection(place),
      prefix: queuePrefix(place),
      skipVersionCheck: true,
      concurrency: plan.concurrency,
      ...(plan.limiter === undefined ? {} : { limiter: plan.limiter }),
    });
    const schedule = scheduleOf(worker, queue);
    if (schedule !== undefined) void register(worker, queue, schedule);
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
