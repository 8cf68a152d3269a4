import type { Job, Worker as BullWorker } from 'bullmq';
import { messageOf } from '../langfuse/log.ts';
import { queueConnection, queuePrefix } from '../langfuse/queues.ts';
import { redisTarget, type RedisPlace } from '../langfuse/redis.ts';
import { startClickHouseWriter, type ClickHouseWriter } from './clickhouse-writer.ts';
import { planFor, type QueuePlan } from './queue-plan.ts';
import { consumedQueues } from './queue-names.ts';
import { register, scheduleOf } from './schedules.ts';
import type { Worker } from './worker.ts';

/** Whether jobs come to this container. */
export interface Activity {
  /** How many queues it takes jobs of. */
  readonly registered: number;
  /** Since when, in milliseconds. */
  readonly since: number;
  /** When a job was last taken or done. */
  readonly last: () => number | undefined;
}

/** The queues' running consumers. */
export interface Consumers {
  readonly activity: Activity;
  /** Waits for the jobs under way and writes what is buffered. */
  readonly close: () => Promise<void>;
}

/** Starts a BullMQ worker for each queue that this stand-in knows how to work on. */
export async function startConsumers(worker: Worker, place: RedisPlace): Promise<Consumers> {
  const queues = redisTarget(worker.settings) === undefined ? [] : consumedQueues(worker);
  const writer = lateWriter(worker);
  let last: number | undefined;
  const consumers: BullWorker[] = [];
  for (const queue of queues) {
    const plan = planFor(worker, writer.get, queue);
    if (plan === undefined) continue;
    const consumer = await consumerOf(queue, plan, place);
    const note = (): void => void (last = Date.now());
    consumer.on('active', note).on('completed', note);
    logFailures(worker, queue, consumer);
    const schedule = scheduleOf(queue);
    if (schedule !== undefined) void register(worker, queue, schedule);
    consumers.push(consumer);
  }
  return {
    activity: { registered: queues.length, since: Date.now(), last: () => last },
    close: async () => {
      const isCut = worker.redis?.status !== 'ready';
      await Promise.all(consumers.map(async (consumer) => await consumer.close(isCut)));
      if (consumers.length > 0) worker.log.info('All workers have been closed.');
      await writer.shutdown();
    },
  };
}

async function consumerOf(queue: string, plan: QueuePlan, place: RedisPlace): Promise<BullWorker> {
  const { Worker: Consumer } = await import('../langfuse/bullmq.ts');
  const { concurrency, limiter, process } = plan;
  return new Consumer(queue, async (job: Job) => await process(job.data.payload), {
    connection: queueConnection(place),
    prefix: queuePrefix(place),
    skipVersionCheck: true,
    concurrency,
    ...(limiter === undefined ? {} : { limiter }),
  });
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
