import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { langfuseWorkerProgram } from '../../../src/sandbox/programs/langfuse-worker/program.ts';
import { eventually } from '../stores/host.ts';
import { captures, type Capture } from './captures.ts';
import { canary, labKey, openLab, type Lab, type LabProgram } from './lab.ts';
import { expectStart, faultEnv, lackingMessages, startWorker } from './worker-runs.ts';

let lab: Lab;
let running: LabProgram[] = [];

beforeAll(async () => {
  lab = await openLab();
}, 60_000);
afterEach(async () => {
  await Promise.all(running.map(async (program) => await program.stop()));
  running = [];
  await lab.redis.config('SET', 'maxmemory', '0');
  await lab.redis.config('SET', 'maxmemory-policy', 'noeviction');
  await lab.redis.flushall();
});
afterAll(async () => await lab.close());

function start(
  program: Parameters<Lab['start']>[0],
  more: Readonly<Record<string, string | undefined>>,
): LabProgram {
  const started = lab.start(program, more);
  running.push(started);
  return started;
}

function worker(more: Readonly<Record<string, string | undefined>>): LabProgram {
  const started = startWorker(lab, more);
  running.push(started);
  return started;
}

describe('worker: start, health and exit code as captured', () => {
  it.each(captures('worker-').map((capture) => [capture.fault, capture] as const))(
    '%s',
    async (_fault, capture) => {
      const started = worker(faultEnv(capture));
      await expectStart(capture, started);
      const { log } = started;
      await eventually(async () => expect(lackingMessages(capture, log)).toEqual([]));
      expect(log.join('\n')).not.toContain(canary);
    },
  );

  it('exits 1 without a database URL, before anything else', async () => {
    const { exit, log } = lab.start(langfuseWorkerProgram, { DATABASE_URL: undefined });
    expect(await exit).toBe(1);
    expect(log[0]).toMatch(/^Error: Required database environment variables are not set/);
  });

  it('leaves a queue alone that is switched off', async () => {
    const web = start(langfuseWebServer, { LANGFUSE_INGESTION_QUEUE_DELAY_MS: '1' });
    const { url, log } = worker({ QUEUE_CONSUMER_INGESTION_QUEUE_IS_ENABLED: 'false' });
    await eventually(async () => await fetch(url));
    expect(log.join('\n')).not.toContain('\tingestion-queue executor started');
    expect(log.join('\n')).toContain('\totel-ingestion-queue executor started: true');
    expect((await send(web, 'switched-off')).status).toBe(207);
    expect(await lab.redis.zcard('bull:ingestion-queue:delayed')).toBe(1);
    expect(await lab.redis.exists('bull:ingestion-queue:stalled-check')).toBe(0);
  });
});

async function send(
  web: LabProgram,
  traceId: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const event = {
    id: `${traceId}-e`,
    type: 'trace-create',
    timestamp: new Date().toISOString(),
    body: { id: traceId, name: 'cap' },
  };
  return await eventually(async () => {
    const answer = await fetch(`${web.url}/api/public/ingestion`, {
      method: 'POST',
      headers: { ...labKey, 'content-type': 'application/json' },
      body: JSON.stringify({ batch: [event] }),
    });
    return { status: answer.status, body: await answer.text() };
  });
}

async function applyRedis(capture: Capture): Promise<void> {
  for (const entry of capture.env.filter((item) => item.startsWith('redis:'))) {
    const [name = '', value = ''] = entry.slice('redis:'.length).split('=');
    // The captured Redis held more than its 1 MB; an empty one is over its limit with a single byte.
    await lab.redis.config('SET', name, name === 'maxmemory' ? '1' : value);
  }
}

describe('worker: an event that comes during a fault', () => {
  it.each(captures('processing-').map((capture) => [capture.fault, capture] as const))(
    '%s',
    async (_fault, capture) => {
      const web = start(langfuseWebServer, { LANGFUSE_INGESTION_QUEUE_DELAY_MS: '50' });
      await eventually(async () => await fetch(`${web.url}/api/public/projects`, { headers: labKey }));
      await applyRedis(capture);
      const env = capture.env.some((entry) => entry.startsWith('redis:')) ? {} : faultEnv(capture);
      const { url, log } = worker(env);
      await eventually(async () => await fetch(url));
      const traceId = `cap-${capture.fault}`;
      const [sent, read, health] = capture.http;
      const answer = await send(web, traceId);
      expect(answer.status).toBe(sent?.status);
      if (sent?.status !== 207) expect(answer.body).toBe(sent?.body);
      const queue = new Queue('ingestion-queue', { connection: { host: lab.addresses.redis } });
      queue.on('error', () => undefined);
      if (capture.queue?.job !== undefined) await retriedUntil(queue, capture);
      if (read?.status === 200)
        await eventually(async () => expect((await readTrace(web, traceId)).status).toBe(200));
      else expect((await readTrace(web, traceId)).status).toBe(read?.status);
      const healthAnswer = await fetch(`${url}/api/health`);
      expect({ status: healthAnswer.status, body: await healthAnswer.text() }).toEqual({
        status: health?.status,
        body: health?.body,
      });
      const { wait, active, delayed, failed, completed } = await counts(queue);
      expect({ wait, active, delayed, failed, completed }).toEqual({ ...capture.queue, job: undefined });
      await eventually(async () => expect(lackingMessages(capture, log)).toEqual([]));
      await queue.disconnect();
    },
  );

  async function readTrace(web: LabProgram, traceId: string): Promise<Response> {
    return await fetch(`${web.url}/api/public/traces/${traceId}`, { headers: labKey });
  }

  async function counts(queue: Queue): Promise<Record<string, number>> {
    const all = await queue.getJobCounts('wait', 'active', 'delayed', 'failed', 'completed');
    return all;
  }

  /** Waits for the first failure; a captured last one is brought near by counting its earlier attempts as made. */
  async function retriedUntil(queue: Queue, capture: Capture): Promise<void> {
    const job = capture.queue?.job ?? {};
    await eventually(async () => expect(await lab.redis.hget('bull:ingestion-queue:1', 'atm')).toBe('1'));
    expect(await lab.redis.hget('bull:ingestion-queue:1', 'delay')).toBe('5000');
    if (capture.queue?.['failed'] === 1) {
      await lab.redis.hset('bull:ingestion-queue:1', 'atm', '5');
      await (await queue.getJob('1'))?.promote();
      await eventually(async () => expect(await queue.getFailedCount()).toBe(1));
    }
    const ours = await lab.redis.hgetall('bull:ingestion-queue:1');
    expect(Object.keys(ours).sort()).toEqual(Object.keys(job).sort());
    expect(ours['failedReason']).toBe(job['failedReason']);
    expect(JSON.parse(ours['opts'] ?? '')).toMatchObject({
      delay: 50,
      attempts: 6,
      removeOnFail: 100_000,
      removeOnComplete: true,
      backoff: { type: 'exponential', delay: 5000 },
    });
  }
});
