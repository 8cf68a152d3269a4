import { queueKey } from '../doctor/queues.ts';
import type { RedisPort, RedisReply } from '../ports/redis.ts';
import type { QueueStore } from './stations.ts';

/** A job of a canary, and where it is. */
export interface FoundJob {
  readonly id: string;
  readonly queue: string;
  /** Its queue's keys begin with this. */
  readonly key: string;
  readonly state: 'waiting' | 'delayed' | 'active' | 'failed';
  /** The delay it was made with, in milliseconds. */
  readonly delayMs: number;
  readonly attempts: number;
  /** First line of why its last attempt failed. */
  readonly reason: string | null;
}

/** Finds the canary's jobs now. */
export type JobFinder = () => Promise<FoundJob[]>;

/** How many jobs of each list are looked through: the canary's are among the newest. */
const window = 500;

const lists: readonly {
  readonly state: FoundJob['state'];
  readonly suffix: string;
  readonly newest: 'head' | 'end';
}[] = [
  // BullMQ pushes at the head of `wait` and takes from its tail.
  { state: 'waiting', suffix: 'wait', newest: 'head' },
  { state: 'active', suffix: 'active', newest: 'head' },
  { state: 'delayed', suffix: 'delayed', newest: 'end' },
  { state: 'failed', suffix: 'failed', newest: 'end' },
];

/** Looks through the newest jobs of the queues that carry traces for one whose payload holds one of the marks. */
export function jobFinder({ redis, target, queues }: QueueStore, marks: readonly string[]): JobFinder {
  const keys = queues.map((queue) => ({ queue, key: queueKey(queue, target) }));
  return async () =>
    (await Promise.all(keys.map(async ({ queue, key }) => await findIn(redis, queue, key, marks)))).flat();
}

async function findIn(
  redis: RedisPort,
  queue: string,
  key: string,
  marks: readonly string[],
): Promise<FoundJob[]> {
  const ids = await redis.pipeline(
    lists.map(({ suffix, newest }) =>
      newest === 'head'
        ? ['LRANGE', `${key}:${suffix}`, 0, window - 1]
        : ['ZRANGE', `${key}:${suffix}`, -window, -1],
    ),
  );
  const entries = lists.flatMap(({ state }, index) => texts(ids[index]).map((id) => ({ id, state })));
  if (entries.length === 0) return [];
  const hashes = await redis.pipeline(
    entries.map(({ id }) => ['HMGET', `${key}:${id}`, 'data', 'opts', 'atm', 'failedReason']),
  );
  return entries.flatMap(({ id, state }, index) => {
    const [data, opts, attempts, reason] = Array.isArray(hashes[index])
      ? (hashes[index] as RedisReply[])
      : [];
    if (typeof data !== 'string' || !marks.some((mark) => data.includes(mark))) return [];
    return [
      {
        id,
        queue,
        key,
        state,
        delayMs: delayIn(opts),
        attempts: Number(attempts ?? 0),
        reason: typeof reason === 'string' ? (reason.split('\n')[0] ?? '').slice(0, 200) : null,
      },
    ];
  });
}

/** The delay that it was added with; the field `delay` of its hash is that of the latest retry. */
function delayIn(opts: RedisReply | undefined): number {
  try {
    const { delay } = JSON.parse(String(opts)) as { readonly delay?: unknown };
    return typeof delay === 'number' ? delay : 0;
  } catch {
    return 0;
  }
}

const texts = (reply: RedisReply | undefined): string[] =>
  Array.isArray(reply) ? reply.filter((each) => typeof each === 'string') : [];
