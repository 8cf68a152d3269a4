import { randomBytes } from 'node:crypto';
import type { ConnectionOptions, JobsOptions, Queue } from 'bullmq';
import type { Log } from './log.ts';
import { redisOptions, type RedisPlace } from './redis.ts';
import { redisErrorText } from './redis-error.ts';

/** The BullMQ queues that web fills and worker empties. */
export type QueueName = 'ingestion-queue' | 'otel-ingestion-queue' | 'trace-delete' | 'score-delete';

/** Options of jobs by queue, as the captured hashes show them. */
const jobOptions: Readonly<Record<QueueName, JobsOptions>> = {
  'ingestion-queue': { attempts: 6, backoff: { type: 'exponential', delay: 5000 } },
  'otel-ingestion-queue': { attempts: 6, backoff: { type: 'exponential', delay: 5000 } },
  'trace-delete': { attempts: 2, backoff: { type: 'exponential', delay: 30_000 } },
  'score-delete': { attempts: 2, backoff: { type: 'exponential', delay: 30_000 } },
};

/** The queues, each opened when it is first asked for. */
export interface Queues {
  /** Opened on first use. @throws Error when no Redis is configured */
  readonly get: (name: string) => Promise<Queue>;
  readonly close: () => Promise<void>;
}

/** BullMQ's key prefix: `bull`, or REDIS_KEY_PREFIX as it stands. */
export function queuePrefix(place: RedisPlace): string {
  return place.settings.text('REDIS_KEY_PREFIX') ?? 'bull';
}

/** Connection of a queue or a worker, for BullMQ's own Redis client. */
export function queueConnection(place: RedisPlace): ConnectionOptions {
  return redisOptions(place) as ConnectionOptions;
}

/** The queues of the place's Redis. */
export function openQueues(place: RedisPlace): Queues {
  const open = new Map<string, Promise<Queue>>();
  const make = async (name: string): Promise<Queue> => {
    const { Queue } = await import('./bullmq.ts');
    const queue = new Queue(name, {
      connection: queueConnection(place),
      prefix: queuePrefix(place),
      skipVersionCheck: true,
      skipWaitingForReady: false,
    });
    queue.on('error', (error: Error) => place.log.error(redisErrorText(place.release, error), error));
    return queue;
  };
  return {
    get: async (name) => {
      const known = open.get(name);
      if (known !== undefined) return await known;
      const made = make(name);
      open.set(name, made);
      if (open.size === 1) void warnOfEviction(await made, place.log).catch(() => undefined);
      return await made;
    },
    close: async () => {
      // Without Redis a queue never gets as far as being disconnected.
      const ended = [...open.values()].map(async (queue) => await (await queue).disconnect());
      await Promise.race([Promise.allSettled(ended), new Promise((wake) => setTimeout(wake, 200))]);
    },
  };
}

/** One job's options: the queue's own, a delay, and the trace headers that travel with it. */
export function optionsFor(
  queue: QueueName,
  delayMs: number,
  baggage: Readonly<Record<string, string>>,
): JobsOptions {
  const header = Object.entries(baggage)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join(',');
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const tracing = { ...(header === '' ? {} : { baggage: header }), traceparent };
  return {
    ...tracing,
    ...(delayMs > 0 ? { delay: delayMs } : {}),
    removeOnFail: 100_000,
    removeOnComplete: true,
    ...jobOptions[queue],
  };
}

/** BullMQ's own warning about a policy that loses jobs. */
async function warnOfEviction(queue: Queue, log: Log): Promise<void> {
  const client = await queue.client;
  const policy = /maxmemory_policy:(\S+)/.exec(await client.info())?.[1];
  if (policy !== undefined && policy !== 'noeviction')
    log.plain(`IMPORTANT! Eviction policy is ${policy}. It should be "noeviction"`);
}
