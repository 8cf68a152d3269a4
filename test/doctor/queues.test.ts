import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../src/deployment/redact.ts';
import { queueKey, queueNames, readQueue } from '../../src/doctor/queues.ts';
import type { RedisPort, RedisReply } from '../../src/ports/redis.ts';

const nowMs = Date.parse('2026-11-21T03:00:00Z');
const key = 'bull:ingestion-queue';

/** A Redis that answers by command line, and null or nothing for the rest. */
function fakeRedis(answers: Readonly<Record<string, RedisReply>>): RedisPort & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (command: string, ...args: readonly (string | number)[]): RedisReply => {
    const line = [command, ...args].join(' ');
    asked.push(line);
    return answers[line] ?? (/^(LLEN|ZCARD)/.test(line) ? 0 : line.startsWith('ZRANGE') ? [] : null);
  };
  return {
    asked,
    call: (command, ...args) => Promise.resolve(answer(command, ...args)),
    pipeline: (commands) => Promise.resolve(commands.map(([command, ...args]) => answer(command, ...args))),
    scan: () => Promise.resolve([]),
    info: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
}

const read = async (answers: Readonly<Record<string, RedisReply>>) =>
  await readQueue(fakeRedis(answers), 'ingestion-queue', key, nowMs, makeRedactor(['s3cr3t-pass']));
const score = (dueMs: number, counter = 7): string => String(dueMs * 4096 + counter);

describe('the key of a queue', () => {
  it.each([
    [null, 'bull:q'],
    [{ kind: 'single', keyPrefix: '' }, 'bull:q'],
    [{ kind: 'single', keyPrefix: 'lf' }, 'lf:q'],
    [{ kind: 'sentinel', keyPrefix: '' }, 'bull:q'],
    [{ kind: 'cluster', keyPrefix: '' }, '{q}:q'],
    [{ kind: 'cluster', keyPrefix: 'lf' }, '{lf:q}:q'],
  ] as const)('%o: %s', (target, expected) => {
    expect(queueKey('q', target)).toBe(expected);
  });
});

describe('the queues', () => {
  const names = (values: Readonly<Record<string, readonly (string | null)[]>>) =>
    queueNames((variable) => values[variable] ?? []);

  it('are four without shards', () => {
    expect(names({})).toEqual([
      'ingestion-queue',
      'secondary-ingestion-queue',
      'otel-ingestion-queue',
      'secondary-otel-ingestion-queue',
    ]);
  });

  it('have as many shards as web or the worker counts, and no count is taken from nonsense', () => {
    const shards = names({
      LANGFUSE_INGESTION_QUEUE_SHARD_COUNT: [null, '3'],
      LANGFUSE_OTEL_INGESTION_QUEUE_SHARD_COUNT: ['many', '0'],
      LANGFUSE_INGESTION_SECONDARY_QUEUE_SHARD_COUNT: ['1e9'],
    });
    expect(shards.slice(0, 4)).toEqual([
      'ingestion-queue',
      'ingestion-queue-1',
      'ingestion-queue-2',
      'secondary-ingestion-queue',
    ]);
    expect(shards.filter((name) => name.startsWith('secondary-ingestion-queue'))).toHaveLength(64);
    expect(shards.filter((name) => name.startsWith('otel'))).toEqual(['otel-ingestion-queue']);
  });
});

describe('one queue', () => {
  it('empty, or not there', async () => {
    expect(await read({})).toMatchObject({
      name: 'ingestion-queue',
      key,
      waiting: 0,
      active: 0,
      delayed: 0,
      failed: 0,
      nextJob: null,
      lateMs: null,
      lastFailure: null,
    });
  });

  it('counts', async () => {
    expect(
      await read({
        [`LLEN ${key}:wait`]: 3,
        [`LLEN ${key}:active`]: 1,
        [`ZCARD ${key}:delayed`]: 9,
        [`ZCARD ${key}:failed`]: '2',
      }),
    ).toMatchObject({ waiting: 3, active: 1, delayed: 9, failed: 2 });
  });

  it('a waiting job is late since its creation plus its delay', async () => {
    const answers = {
      [`LINDEX ${key}:wait -1`]: '17',
      [`HMGET ${key}:17 timestamp delay`]: [String(nowMs - 90_000), '15000'],
    };
    expect(await read(answers)).toMatchObject({ nextJob: '17', lateMs: 75_000 });
  });

  it.each([
    ['that is gone meanwhile', [null, null], null],
    ['without a delay', [String(nowMs - 5000), null], 5000],
    ['created in the future of this clock', [String(nowMs + 5000), '0'], 0],
  ])('a waiting job %s', async (_title, fields, lateMs) => {
    expect(
      (await read({ [`LINDEX ${key}:wait -1`]: '17', [`HMGET ${key}:17 timestamp delay`]: fields })).lateMs,
    ).toBe(lateMs);
  });

  it.each([
    ['due in a while', nowMs + 15_000, null],
    ['due now', nowMs, null],
    ['overdue', nowMs - 20_000, 20_000],
  ])('a delayed job %s: the score is the time times 4096', async (_title, dueMs, lateMs) => {
    expect(await read({ [`ZRANGE ${key}:delayed 0 0 WITHSCORES`]: ['j', score(dueMs)] })).toMatchObject({
      nextJob: 'j',
      lateMs,
    });
  });

  it('the later of both counts', async () => {
    const answers = {
      [`LINDEX ${key}:wait -1`]: '17',
      [`HMGET ${key}:17 timestamp delay`]: [String(nowMs - 1000), '0'],
      [`ZRANGE ${key}:delayed 0 0 WITHSCORES`]: ['j', score(nowMs - 20_000)],
    };
    expect(await read(answers)).toMatchObject({ nextJob: '17', lateMs: 20_000 });
  });

  it('the newest failure with the first line of its reason', async () => {
    const at = Date.parse('2026-11-21T02:59:00Z');
    const answers = {
      [`ZRANGE ${key}:failed -1 -1 WITHSCORES`]: ['f', String(at)],
      [`HGET ${key}:f failedReason`]: `Failed to list files from S3\n    at x${'y'.repeat(900)}`,
    };
    expect((await read(answers)).lastFailure).toEqual({
      at: '2026-11-21T02:59:00.000Z',
      reason: 'Failed to list files from S3',
    });
    expect((await read({ [`ZRANGE ${key}:failed -1 -1 WITHSCORES`]: ['f', 'odd'] })).lastFailure).toEqual({
      at: null,
      reason: '',
    });
  });

  it('quotes no secret of a failed job, not even the first half of one at the cut', async () => {
    const at = Date.parse('2026-11-21T02:59:00Z');
    const quoted = async (reason: string): Promise<string> =>
      (
        await read({
          [`ZRANGE ${key}:failed -1 -1 WITHSCORES`]: ['f', String(at)],
          [`HGET ${key}:f failedReason`]: reason,
        })
      ).lastFailure?.reason ?? '';
    expect(await quoted('login of s3cr3t-pass refused')).toBe('login of [redacted] refused');
    expect(await quoted(`${'y'.repeat(194)}s3cr3t-pass`)).not.toContain('s3cr');
  });

  it('only reads', async () => {
    const redis = fakeRedis({ [`LINDEX ${key}:wait -1`]: '17' });
    await readQueue(redis, 'ingestion-queue', key, nowMs, (text) => text);
    expect(redis.asked.every((line) => /^(LLEN|ZCARD|LINDEX|ZRANGE|HMGET|HGET) /.test(line))).toBe(true);
  });
});
