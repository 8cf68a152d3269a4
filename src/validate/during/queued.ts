import { queueKey } from '../../doctor/queues.ts';
import type { RedisPort, RedisReply } from '../../ports/redis.ts';
import { canaryPrefix } from '../canary-id.ts';
import type { Broom } from '../clean/broom.ts';
import type { QueueStore } from '../stations.ts';
import type { ExportedFiles } from './raw-files.ts';

/** Whether the payload of a job is of this run. */
type IsOurs = (data: string) => boolean;

/** Jobs of JSON events name the trace or a generation, whose id begins with it; those of exports their raw file. */
function oursBy(traces: ReadonlySet<string>, files: ReadonlySet<string>): IsOurs {
  return (data) =>
    (data.match(marked) ?? []).some((traceId) => traces.has(traceId)) ||
    files.has(/"fileKey":"([^"]+)"/.exec(data)?.[1] ?? '');
}

const marked = new RegExp(`${canaryPrefix}[0-9a-f]{24}`, 'g');

const pageSize = 1000;

/** BullMQ's lists; a failed job is kept in the last one. */
const lists = [
  { suffix: 'wait', kind: 'list' },
  { suffix: 'paused', kind: 'list' },
  { suffix: 'delayed', kind: 'set' },
  { suffix: 'failed', kind: 'set' },
] as const;
type List = (typeof lists)[number];

/**
 * Takes all jobs of a run out of the queues, however many wait there. What is being worked on is left to its worker,
 * and counted.
 */
export function queuedBroom(
  { redis, target, queues }: QueueStore,
  traces: ReadonlySet<string>,
  exported: ExportedFiles,
): Broom {
  return {
    store: 'queue',
    sweep: async () => {
      const isOurs = oursBy(traces, await exported());
      let left = 0;
      for (const queue of queues) left += await sweepQueue(redis, queueKey(queue, target), isOurs);
      return left;
    },
  };
}

async function sweepQueue(redis: RedisPort, key: string, isOurs: IsOurs): Promise<number> {
  for (const list of lists) await removeJobs(redis, key, list, await jobsIn(redis, key, list, isOurs));
  const active = await jobsIn(redis, key, { suffix: 'active', kind: 'list' }, isOurs);
  const rest = await Promise.all(lists.map(async (list) => await jobsIn(redis, key, list, isOurs)));
  return active.length + rest.flat().length;
}

async function jobsIn(
  redis: RedisPort,
  key: string,
  { suffix, kind }: Pick<List, 'kind'> & { readonly suffix: string },
  isOurs: IsOurs,
): Promise<string[]> {
  const ours: string[] = [];
  for (let from = 0; ; from += pageSize) {
    const range = kind === 'list' ? 'LRANGE' : 'ZRANGE';
    const ids = texts(await redis.call(range, `${key}:${suffix}`, from, from + pageSize - 1));
    const data = await redis.pipeline(ids.map((id) => ['HGET', `${key}:${id}`, 'data']));
    ours.push(...ids.filter((_, index) => isOurs(String(data[index] ?? ''))));
    if (ids.length < pageSize) return ours;
  }
}

/** The oldest first, from the end that workers take from: there Redis finds them at once. */
async function removeJobs(
  redis: RedisPort,
  key: string,
  { suffix, kind }: List,
  ids: readonly string[],
): Promise<void> {
  const oldest = kind === 'list' ? ids.toReversed() : ids;
  for (let from = 0; from < oldest.length; from += pageSize) {
    const page = oldest.slice(from, from + pageSize);
    const taken = await redis.pipeline(
      page.map((id) =>
        kind === 'list' ? ['LREM', `${key}:${suffix}`, -1, id] : ['ZREM', `${key}:${suffix}`, id],
      ),
    );
    // Zero: a worker took it in between, and needs its data.
    const gone = page.filter((_, index) => taken[index] === 1);
    await redis.pipeline(gone.map((id) => ['DEL', `${key}:${id}`, `${key}:${id}:logs`]));
  }
}

const texts = (reply: RedisReply): string[] =>
  Array.isArray(reply) ? reply.filter((each) => typeof each === 'string') : [];
