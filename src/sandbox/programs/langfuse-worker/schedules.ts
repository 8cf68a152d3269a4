import type { Queue } from 'bullmq';
import { messageOf } from '../langfuse/log.ts';
import { processBlobStorageSchedule } from './blob-storage-schedule.ts';
import { scheduleRetention } from './data-retention.ts';
import { processEventPropagation } from './event-propagation.ts';
import { processLegacyApiUsage } from './legacy-api-usage.ts';
import type { Worker } from './worker.ts';

/** A job that comes again and again by itself. */
export interface Schedule {
  readonly job: string;
  readonly pattern: string;
  readonly attempts: number;
  readonly backoffMs: number;
  /** At most one at a time over all workers. */
  readonly single: boolean;
  readonly process: (worker: Worker) => Promise<void>;
}

/** The recurring jobs that something can be seen of on a deployment without integrations. */
const schedules: Readonly<Record<string, Schedule>> = {
  'event-propagation-queue': {
    job: 'event-propagation-job',
    pattern: '* * * * *',
    attempts: 3,
    backoffMs: 5000,
    single: true,
    process: processEventPropagation,
  },
  'v4-legacy-api-usage-queue': {
    job: 'v4-legacy-api-usage-job',
    pattern: '*/15 * * * *',
    attempts: 5,
    backoffMs: 30_000,
    single: false,
    process: processLegacyApiUsage,
  },
  'blobstorage-integration-queue': {
    job: 'blobstorage-integration-job',
    pattern: '*/20 * * * *',
    attempts: 5,
    backoffMs: 5000,
    single: false,
    process: processBlobStorageSchedule,
  },
  'data-retention-queue': {
    job: 'data-retention-job',
    pattern: '15 3 * * *',
    attempts: 5,
    backoffMs: 5000,
    single: false,
    process: scheduleRetention,
  },
};

/** The recurring job of a queue. */
export function scheduleOf(queue: string): Schedule | undefined {
  return schedules[queue];
}

/** Registers the job with BullMQ; never rejects, like the real one (scheduleRecurringJob.ts). */
export async function register(worker: Worker, name: string, schedule: Schedule): Promise<void> {
  const { job, pattern, attempts, backoffMs, single } = schedule;
  try {
    const queue: Queue = await worker.queues.get(name);
    // BullMQ's own way to the scheduler leaves a rejection behind when the connection ends first.
    await queue.waitUntilReady();
    if (single) await queue.setGlobalConcurrency(1);
    const backoff = { type: 'exponential', delay: backoffMs };
    const opts = { removeOnComplete: true, removeOnFail: 100, attempts, backoff };
    // 3 keeps its schedules under BullMQ's older keys.
    if (worker.release.generation === 4)
      await queue.upsertJobScheduler(job, { pattern }, { name: job, data: {}, opts });
    else await queue.add(job, {}, { ...opts, repeat: { pattern } });
  } catch (error) {
    if (worker.closing.signal.aborted) return;
    const fate = 'the recurring job may not run until the next boot';
    worker.log.error(`Error upserting ${job} scheduler on ${name} - ${fate} ${messageOf(error)}`, error);
  }
}
