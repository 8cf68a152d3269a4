import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProgramRun } from './program-run.ts';
import { servers, startRedis } from './servers.ts';

describe.each(servers)('BullMQ on $name', ({ program, missing }) => {
  describe.skipIf(missing !== null)('does', () => {
    let run: ProgramRun;
    let queue: Queue;
    let redis: Redis;
    beforeAll(async () => {
      run = await startRedis(program, ['--requirepass', 'secret']);
      const connection = { host: run.address, password: 'secret', maxRetriesPerRequest: null };
      queue = new Queue('ingestion-queue', { connection });
      redis = new Redis(connection);
    });
    afterAll(async () => {
      await queue.close();
      redis.disconnect();
      await run.clear();
    });
    const connection = (): { host: string; password: string; maxRetriesPerRequest: null } => ({
      host: run.address,
      password: 'secret',
      maxRetriesPerRequest: null,
    });

    it('jobs that wait, are delayed or come first', async () => {
      await queue.addBulk(
        Array.from({ length: 300 }, (_, id) => ({ name: 'job', data: { id, text: 'é€😀' } })),
      );
      await queue.add('later', { id: -1 }, { delay: 600_000 });
      await queue.add('first', { id: -2 }, { priority: 3 });
      expect(await queue.getJobCounts()).toMatchObject({ waiting: 300, delayed: 1, prioritized: 1 });
      expect(await redis.llen('bull:ingestion-queue:wait')).toBe(300);
      expect(await redis.zcard('bull:ingestion-queue:delayed')).toBe(1);
      expect(await redis.hget('bull:ingestion-queue:meta', 'version')).toMatch(/^bullmq:5/);
    });

    it('work, failures and their reasons', async () => {
      const worker = new Worker(
        'ingestion-queue',
        (job) =>
          job.data.id % 100 === 0 ? Promise.reject(new Error(`boom ${job.data.id}`)) : Promise.resolve('ok'),
        { connection: connection(), concurrency: 20 },
      );
      await expect
        .poll(() => queue.getJobCounts(), { timeout: 20_000 })
        .toMatchObject({ waiting: 0, prioritized: 0, active: 0, failed: 3, completed: 298 });
      await worker.close();
      const failed = await queue.getFailed();
      expect(failed.map((job) => job.failedReason).sort()).toEqual(['boom 0', 'boom 100', 'boom 200']);
      expect(failed[0]?.data.text).toBe('é€😀');
    });

    it('retries, pause, resume and promotion', async () => {
      await queue.retryJobs({ state: 'failed' });
      await queue.pause();
      expect(await queue.getJobCounts()).toMatchObject({ failed: 0, paused: 3, waiting: 0 });
      await queue.resume();
      await queue.promoteJobs();
      expect(await queue.getJobCounts()).toMatchObject({ waiting: 4, delayed: 0 });
      await queue.drain(true);
      expect(await queue.getJobCounts()).toMatchObject({ waiting: 0 });
    });

    it('retries with back-off, job schedulers and events', async () => {
      const events = new QueueEvents('ingestion-queue', { connection: connection() });
      await events.waitUntilReady();
      const done = new Promise((resolve) => {
        events.on('completed', ({ returnvalue }) => resolve(returnvalue));
      });
      const worker = new Worker(
        'ingestion-queue',
        (job) => (job.attemptsMade < 2 ? Promise.reject(new Error('again')) : Promise.resolve('third')),
        { connection: connection() },
      );
      await queue.add('flaky', {}, { attempts: 3, backoff: { type: 'exponential', delay: 20 } });
      expect(await done).toBe('third');
      await queue.upsertJobScheduler('hourly', { every: 3_600_000 });
      expect(await queue.getJobSchedulers()).toHaveLength(1);
      await worker.close();
      await events.close();
    });

    it('obliteration', async () => {
      await queue.obliterate({ force: true });
      expect(await redis.keys('bull:ingestion-queue:[0-9]*')).toEqual([]);
    });
  });
});
