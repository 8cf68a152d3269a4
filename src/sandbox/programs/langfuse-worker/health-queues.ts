import type { Activity } from './consumers.ts';
import { lastPartitionKey, lastRunKey } from './event-propagation.ts';
import { consumedQueues } from './queue-names.ts';
import type { Worker } from './worker.ts';

/** A part of the worker that may have come to a standstill without a failing connection. */
export interface StuckPart {
  /** Its name in the answer's body. */
  readonly name: string;
  /** The answer's status when it is stuck. */
  readonly words: string;
  readonly details: { readonly stuck: boolean } & Readonly<Record<string, unknown>>;
}

/** Stuck when the job that runs each minute has not run for a while; one that never ran is not. */
export async function propagationHealth(worker: Worker): Promise<StuckPart> {
  const { settings, redis } = worker;
  const thresholdSeconds = 60 * settings.number('LANGFUSE_EVENT_PROPAGATION_STUCK_THRESHOLD_MINUTES', 15);
  const enabled = consumedQueues(worker).includes('event-propagation-queue');
  const [run, partition] = enabled ? ((await redis?.mget(lastRunKey, lastPartitionKey)) ?? []) : [];
  const ranAt = typeof run === 'string' ? Number(run) : undefined;
  const secondsSinceLastRun = secondsSince(ranAt);
  return {
    name: 'eventPropagation',
    words: 'Event propagation stuck',
    details: {
      enabled,
      lastRunStartedAt: isoOf(ranAt),
      secondsSinceLastRun,
      propagationDelaySeconds: secondsSince(partition ? Date.parse(partition) : undefined),
      lastProcessedPartition: partition ?? null,
      thresholdSeconds,
      stuck: secondsSinceLastRun !== null && secondsSinceLastRun > thresholdSeconds,
    },
  };
}

/** Stuck when no queue of this container gave a job for a while. */
export function consumptionHealth({ settings }: Worker, activity: Activity): StuckPart {
  const thresholdSeconds = 60 * settings.number('LANGFUSE_QUEUE_CONSUMPTION_STUCK_THRESHOLD_MINUTES', 60);
  const { registered, since } = activity;
  const last = activity.last();
  const enabled = registered > 0;
  const secondsSinceLastActivity = enabled ? secondsSince(Math.max(since, last ?? 0)) : null;
  return {
    name: 'queueConsumption',
    words: 'Queue consumption stuck',
    details: {
      enabled,
      registeredWorkerCount: registered,
      trackingSince: enabled ? isoOf(since) : null,
      lastActivityAt: isoOf(last),
      secondsSinceLastActivity,
      thresholdSeconds,
      stuck: secondsSinceLastActivity !== null && secondsSinceLastActivity > thresholdSeconds,
    },
  };
}

function secondsSince(ms: number | undefined): number | null {
  return ms === undefined || Number.isNaN(ms) ? null : Math.max(0, Math.round((Date.now() - ms) / 1000));
}

function isoOf(ms: number | undefined): string | null {
  return ms === undefined || Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
