import type { RedisPort, RedisReply } from '../../ports/redis.ts';
import type { KeyCache } from '../../tenancy/access.ts';
import { takeJob, type ListedJob } from '../../tenancy/take-job.ts';
import { exactly, type Holding } from './holding.ts';

const scanAtMost = 100_000;
const window = 500;

/** Sets and lists of a queue that hold jobs which may still be worked on; `active` ones are their worker's. */
const lists = [
  { suffix: 'wait', kind: 'list' },
  { suffix: 'delayed', kind: 'set' },
  { suffix: 'failed', kind: 'set' },
] as const;

/** The job in which Langfuse itself deletes a project finds nothing to do, and ends. */
const own = 'project-delete';

/**
 * Jobs of the project: a worker that takes one up later would write rows of a project that is no more. BullMQ keeps
 * what a job is about in `data` of its hash (https://docs.bullmq.io).
 */
export function jobsHolding(cache: KeyCache, projectId: string): Holding {
  const { redis } = cache;
  return {
    id: 'queue/jobs',
    store: 'queue',
    title: 'jobs in Redis',
    count: async () => exactly((await jobsOf(cache, projectId)).length),
    purge: async ({ signal }) => {
      for (const job of await jobsOf(cache, projectId)) {
        signal.throwIfAborted();
        await takeJob(redis, job);
      }
    },
  };
}

async function jobsOf({ redis }: KeyCache, projectId: string): Promise<ListedJob[]> {
  const queues = (await queuesOf(redis)).filter((key) => !key.endsWith(`:${own}`));
  const found: ListedJob[] = [];
  for (const queue of queues)
    for (const list of lists) found.push(...(await jobsIn(redis, queue, list, projectId)));
  return found;
}

async function jobsIn(
  redis: RedisPort,
  queue: string,
  { suffix, kind }: (typeof lists)[number],
  projectId: string,
): Promise<ListedJob[]> {
  const at = `${queue}:${suffix}`;
  const found: ListedJob[] = [];
  for (let from = 0; ; from += window) {
    const ids = texts(await redis.call(kind === 'list' ? 'LRANGE' : 'ZRANGE', at, from, from + window - 1));
    if (ids.length === 0) return found;
    const data = await redis.pipeline(ids.map((id) => ['HGET', `${queue}:${id}`, 'data']));
    ids.forEach((id, index) => {
      const text = data[index];
      if (typeof text === 'string' && text.includes(`"projectId":"${projectId}"`))
        found.push({ queue, id, kind, at });
    });
  }
}

const texts = (reply: RedisReply): string[] =>
  (Array.isArray(reply) ? reply : []).filter((each) => typeof each === 'string');

/** What the keys of each queue begin with, whatever the deployment's prefix is. */
async function queuesOf(redis: RedisPort): Promise<string[]> {
  const metas = await redis.scan('*:meta', scanAtMost);
  return metas.map((key) => key.slice(0, -':meta'.length));
}

/** Entries that go by the project's id, such as cached prompts and marks of what was seen; not those of queues. */
export function entriesHolding({ redis }: KeyCache, projectId: string): Holding {
  const keys = async (): Promise<string[]> => {
    const queues = await queuesOf(redis);
    const found = await redis.scan(`*${projectId}*`, scanAtMost);
    return found.filter((key) => !queues.some((queue) => key.startsWith(`${queue}:`)));
  };
  return {
    id: 'redis/entries',
    store: 'redis',
    title: 'entries of the cache in Redis',
    count: async () => exactly((await keys()).length),
    purge: async ({ signal }) => {
      for (const key of await keys()) {
        signal.throwIfAborted();
        await redis.call('DEL', key);
      }
    },
  };
}
