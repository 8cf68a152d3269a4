import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RedisPort, RedisReply } from '../../src/ports/redis.ts';
import { jobFinder } from '../../src/validate/jobs.ts';

type Stored = Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;

/** What a real Redis held behind 3.199.0 while the worker was stopped, or while its store was. */
async function recorded(file: string, step: string): Promise<Stored> {
  const capture = JSON.parse(
    await readFile(`test/fixtures/captures/langfuse-3.199.0/${file}.json`, 'utf8'),
  ) as { steps: { step: string; redis?: Stored }[] };
  const found = capture.steps.find((one) => one.step === step)?.redis;
  if (found === undefined) throw new Error(`no step "${step}" with Redis in ${file}`);
  return found;
}

/** Answers what the finder asks from recorded keys. */
function redisWith(stored: Stored): RedisPort {
  const answer = ([command, key, ...fields]: readonly (string | number)[]): RedisReply => {
    const value = stored[String(key)]?.value;
    if (command === 'HMGET')
      return fields.map((field) => (value as Record<string, string> | undefined)?.[String(field)] ?? null);
    const list = Array.isArray(value) ? (value as string[]) : [];
    // Sorted sets were recorded with their scores.
    return command === 'ZRANGE' ? list.filter((_, index) => index % 2 === 0) : list;
  };
  return {
    call: (command, ...args) => Promise.resolve(answer([command, ...args])),
    pipeline: (commands) => Promise.resolve(commands.map(answer)),
    scan: () => Promise.resolve([]),
    info: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
}

const queues = ['ingestion-queue', 'ingestion-queue-1'];

describe('finding the jobs of a canary', () => {
  it('finds those of its own ids among delayed ones, with the delay they were made with', async () => {
    const redis = redisWith(await recorded('pipeline', 'queued in Redis'));
    expect(await jobFinder({ redis, target: null, queues }, ['31990-pipe-g'])()).toEqual([
      {
        id: '2',
        queue: 'ingestion-queue',
        key: 'bull:ingestion-queue',
        state: 'delayed',
        delayMs: 5000,
        attempts: 0,
        reason: null,
      },
    ]);
    expect(await jobFinder({ redis, target: null, queues }, ['31990-pipe'])()).toHaveLength(3);
    expect(await jobFinder({ redis, target: null, queues }, ['another'])()).toEqual([]);
  });

  it('finds a job in any shard of its queue', async () => {
    const stored = await recorded('pipeline', 'queued in Redis');
    const moved = Object.entries(stored).map(([key, value]) => [
      key.replace('bull:ingestion-queue:', 'bull:ingestion-queue-1:'),
      value,
    ]);
    const redis = redisWith(Object.fromEntries(moved) as Stored);
    const [found] = await jobFinder({ redis, target: null, queues }, ['31990-pipe-g'])();
    expect(found).toMatchObject({ queue: 'ingestion-queue-1', key: 'bull:ingestion-queue-1' });
  });

  it('does not lose one behind many later jobs, and lets it go when its hash is gone', async () => {
    const key = 'bull:ingestion-queue';
    const ours = { type: 'hash', value: { data: '{"id":"canary"}', opts: '{}' } };
    const keys: Record<string, { readonly type: string; readonly value: unknown }> = {
      [`${key}:wait`]: { type: 'list', value: ['7'] },
      [`${key}:7`]: ours,
    };
    const find = jobFinder({ redis: redisWith(keys), target: null, queues }, ['canary']);
    expect(await find()).toMatchObject([{ id: '7', state: 'waiting' }]);
    keys[`${key}:wait`] = { type: 'list', value: ['8'] };
    expect(await find()).toMatchObject([{ id: '7', state: 'waiting' }]);
    delete keys[`${key}:7`];
    expect(await find()).toEqual([]);
    keys[`${key}:7`] = ours;
    expect(await find()).toEqual([]);
  });

  it('finds nothing where the queues have other names by prefix', async () => {
    const redis = redisWith(await recorded('pipeline', 'queued in Redis'));
    const target = { kind: 'single', keyPrefix: 'other' } as const;
    expect(await jobFinder({ redis, target, queues }, ['31990-pipe'])()).toEqual([]);
  });
});
