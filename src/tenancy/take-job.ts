import type { RedisPort } from '../ports/redis.ts';

/** A BullMQ job and the list or set that it was found in. */
export interface ListedJob {
  /** Its queue's keys begin with this, as in `bull:ingestion-queue`. */
  readonly queue: string;
  readonly id: string;
  readonly kind: 'list' | 'set';
  /** Key of the list or set. */
  readonly at: string;
}

/** At once, as BullMQ does it: a job that a worker took in between keeps its data, and none is left without a list. */
const takeOut: Readonly<Record<ListedJob['kind'], string>> = {
  list: "if redis.call('LREM', KEYS[1], 0, ARGV[1]) > 0 then redis.call('DEL', KEYS[2], KEYS[3]) end return 1",
  set: "if redis.call('ZREM', KEYS[1], ARGV[1]) > 0 then redis.call('DEL', KEYS[2], KEYS[3]) end return 1",
};

/** Takes a job without children out of its queue, with its data and its log. @throws LfctlError REDIS_* */
export async function takeJob(redis: RedisPort, { queue, id, kind, at }: ListedJob): Promise<void> {
  const hash = `${queue}:${id}`;
  await redis.call('EVAL', takeOut[kind], 3, at, hash, `${hash}:logs`, id);
}
