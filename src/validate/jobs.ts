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
  const finders = queues.map((queue) =>
    finderIn(redis, { queue, key: queueKey(queue, target) }, (data) =>
      marks.some((mark) => data.includes(mark)),
    ),
  );
  return async () => (await Promise.all(finders.map(async (find) => await find()))).flat();
}

/** Payloads of the newest jobs of the queues that carry traces, wherever they are, that hold the text. */
export async function jobsWith({ redis, target, queues }: QueueStore, text: string): Promise<string[]> {
  const keys = queues.map((queue) => queueKey(queue, target));
  const found = await Promise.all(
    keys.map(async (key) => {
      const listed = await newestOf(redis, key);
      if (listed.length === 0) return [];
      const data = await redis.pipeline(listed.map(({ id }) => ['HGET', `${key}:${id}`, 'data']));
      return data.filter((one): one is string => typeof one === 'string' && one.includes(text));
    }),
  );
  return found.flat();
}

type Place = Pick<FoundJob, 'queue' | 'key'>;
type Listed = Pick<FoundJob, 'id' | 'state'>;

/** A job that was found once is looked at by its id as well: in a busy queue many later ones come before it. */
function finderIn(redis: RedisPort, place: Place, isOurs: (data: string) => boolean): JobFinder {
  let known: readonly Listed[] = [];
  return async () => {
    const newest = await newestOf(redis, place.key);
    const passed = known.filter(({ id }) => !newest.some((one) => one.id === id));
    const found = await readJobs(redis, place, [...newest, ...passed], isOurs);
    known = found;
    return found;
  };
}

async function newestOf(redis: RedisPort, key: string): Promise<Listed[]> {
  const ids = await redis.pipeline(
    lists.map(({ suffix, newest }) =>
      newest === 'head'
        ? ['LRANGE', `${key}:${suffix}`, 0, window - 1]
        : ['ZRANGE', `${key}:${suffix}`, -window, -1],
    ),
  );
  return lists.flatMap(({ state }, index) => texts(ids[index]).map((id) => ({ id, state })));
}

const fields = ['data', 'opts', 'atm', 'failedReason', 'finishedOn'] as const;

async function readJobs(
  redis: RedisPort,
  place: Place,
  listed: readonly Listed[],
  isOurs: (data: string) => boolean,
): Promise<FoundJob[]> {
  if (listed.length === 0) return [];
  const hashes = await redis.pipeline(listed.map(({ id }) => ['HMGET', `${place.key}:${id}`, ...fields]));
  return listed.flatMap((one, index) => {
    const [data, opts, attempts, reason, finishedOn] = replies(hashes[index]);
    // One that is done and kept is in none of the lists any more.
    const isDone = one.state !== 'failed' && typeof finishedOn === 'string';
    if (typeof data !== 'string' || isDone || !isOurs(data)) return [];
    const delayMs = delayIn(opts);
    return [{ ...one, ...place, delayMs, attempts: Number(attempts ?? 0), reason: firstLine(reason) }];
  });
}

const firstLine = (reason: RedisReply | undefined): string | null =>
  typeof reason === 'string' ? (reason.split('\n')[0] ?? '').slice(0, 200) : null;

/** The delay that it was added with; the field `delay` of its hash is that of the latest retry. */
function delayIn(opts: RedisReply | undefined): number {
  try {
    const { delay } = JSON.parse(String(opts)) as { readonly delay?: unknown };
    return typeof delay === 'number' ? delay : 0;
  } catch {
    return 0;
  }
}

const replies = (reply: RedisReply | undefined): readonly RedisReply[] => (Array.isArray(reply) ? reply : []);

const texts = (reply: RedisReply | undefined): string[] =>
  replies(reply).filter((each) => typeof each === 'string');
