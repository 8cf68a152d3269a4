import type { RedisPort } from '../../ports/redis.ts';
import { takeJob } from '../../tenancy/take-job.ts';
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

async function removeJob(redis: RedisPort, { key, id, state }: FoundJob): Promise<void> {
  const listed =
    state === 'waiting'
      ? ({ kind: 'list', suffix: 'wait' } as const)
      : ({ kind: 'set', suffix: state } as const);
  await takeJob(redis, { queue: key, id, kind: listed.kind, at: `${key}:${listed.suffix}` });
}
