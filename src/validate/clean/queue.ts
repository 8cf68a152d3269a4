import type { RedisPort } from '../../ports/redis.ts';
import type { FoundJob, JobFinder } from '../jobs.ts';
import type { Broom } from './broom.ts';

/**
 * Takes the canaries' own jobs out of the queues, so that no worker makes rows of them later. A job that is being
 * worked on is left to its worker, and counted.
 */
export function queueBroom(redis: RedisPort, finder: JobFinder, find?: Broom['find']): Broom {
  return {
    store: 'queue',
    ...(find === undefined ? {} : { find }),
    sweep: async () => {
      for (const job of await finder()) if (job.state !== 'active') await removeJob(redis, job);
      return (await finder()).length;
    },
  };
}

/** What BullMQ's removeJob script does for a job without children. */
async function removeJob(redis: RedisPort, { key, id, state }: FoundJob): Promise<void> {
  const taken = await (state === 'waiting'
    ? redis.call('LREM', `${key}:wait`, 0, id)
    : redis.call('ZREM', `${key}:${state}`, id));
  // Zero: a worker took it in between, and needs its data.
  if (taken === 1) await redis.call('DEL', `${key}:${id}`, `${key}:${id}:logs`);
}
