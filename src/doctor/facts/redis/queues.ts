import { setTimeout as pause } from 'node:timers/promises';
import type { QueueView } from '../../queues.ts';
import { deploymentSecrets, makeRedactor } from '../../../deployment/redact.ts';
import { queueKey, queueNamesOf, readQueue } from '../../queues.ts';
import { defineFact } from '../../fact.ts';

export interface QueuesView {
  readonly queues: readonly QueueView[];
  /** Queues whose due jobs did not move within a second, with nothing active. */
  readonly stalled: readonly string[];
}

/** Between the two looks: longer than a healthy worker needs to take the next job. */
const secondLookMs = 1000;

/** Depth, lateness and failures of the ingestion queues; a second look when jobs are due. */
export const redisQueuesFact = defineFact({
  id: 'redis/queues',
  needs: ['redis'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<QueuesView> => {
    const redis = await context.ports.redis();
    const deployment = context.settings.kubernetes.enabled ? await context.deployment() : null;
    const target = deployment?.stores.redis.target ?? null;
    const names = queueNamesOf(deployment);
    const redact = makeRedactor(deployment === null ? [] : deploymentSecrets(deployment));
    const look = async (): Promise<QueueView[]> =>
      await Promise.all(
        names.map((name) => readQueue(redis, name, queueKey(name, target), context.now().getTime(), redact)),
      );
    const first = await look();
    if (!first.some(isDue)) return { queues: first, stalled: [] };
    await pause(secondLookMs, undefined, { signal: context.signal });
    const queues = await look();
    return { queues, stalled: first.filter((before) => stands(before, queues)).map((queue) => queue.name) };
  },
});

function isDue(queue: QueueView): boolean {
  return queue.waiting > 0 || queue.lateMs !== null;
}

function stands(before: QueueView, after: readonly QueueView[]): boolean {
  const now = after.find((queue) => queue.name === before.name);
  return (
    now !== undefined && isDue(before) && isDue(now) && now.active === 0 && now.nextJob === before.nextJob
  );
}
