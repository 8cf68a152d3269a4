import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import { canaryIds } from '../../src/validate/canary.ts';
import { canaryTraceId } from '../../src/validate/canary-id.ts';
import type { Broom } from '../../src/validate/clean/broom.ts';
import { cleanUp, leftCanaries } from '../../src/validate/clean/clean.ts';

const at = new Date('2026-11-21T02:00:00Z');
const traceId = canaryTraceId('project', at);
const canary = canaryIds('project', traceId, at);
const clock = { elapsed: () => 0, pause: () => Promise.resolve() };
const silent = new LfctlError('REDIS_TIMEOUT', { message: 'no answer within 10 s' });

/** Gives one after the other of these, an error by throwing it; the last for ever. */
function broom(store: string, ...answers: readonly (number | Error)[]): Broom {
  let at = 0;
  return {
    store,
    sweep: async () => {
      const answer = answers[Math.min(at, answers.length - 1)] ?? 0;
      at += 1;
      if (typeof answer !== 'number') throw answer;
      return await Promise.resolve(answer);
    },
  };
}

describe('cleaning up', () => {
  it('sweeps again while something is left, and says what stays', async () => {
    const brooms = [broom('queue', 1, 0), broom('clickhouse', 3, 2)];
    expect(await cleanUp({ brooms, closed: { objects: 'forbidden' }, clock }, [canary])).toEqual({
      total: 2,
      byStore: { queue: 0, clickhouse: 2 },
      unknown: { objects: 'forbidden' },
      ms: 0,
    });
  });

  it('does not know what a store holds that did not answer at last, and does know where it did', async () => {
    const brooms = [broom('queue', silent, 0), broom('objects', silent), broom('clickhouse', 1, 0)];
    expect(await cleanUp({ brooms, closed: {}, clock }, [canary])).toMatchObject({
      byStore: { queue: 0, clickhouse: 0 },
      unknown: { objects: silent.message },
    });
  });

  it('looks again for rows that are on their way, where it is told to', async () => {
    let nowMs = 0;
    const turned = {
      elapsed: () => nowMs,
      pause: (ms: number) => {
        nowMs += ms;
        return Promise.resolve();
      },
    };
    let sweeps = 0;
    const late: Broom = {
      store: 'clickhouse',
      // A row lands between the second and the third sweep.
      sweep: () => Promise.resolve((sweeps += 1) === 3 ? 1 : 0),
    };
    expect(await cleanUp({ brooms: [late], closed: {}, clock: turned }, [canary], 1600)).toMatchObject({
      total: 0,
    });
    expect(sweeps).toBe(5);
    sweeps = 0;
    await cleanUp({ brooms: [late], closed: {}, clock: turned }, [canary]);
    expect(sweeps).toBe(1);
  });

  it('takes no error but that of a store for one', async () => {
    const brooms = [broom('queue', new TypeError('oops'))];
    await expect(cleanUp({ brooms, closed: {}, clock }, [canary])).rejects.toThrow('oops');
  });
});

describe('canaries that earlier runs left', () => {
  it('are those with the seal of this project alone, each once', async () => {
    const found = [
      traceId,
      traceId.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      canaryTraceId('another', at),
      '0af7651916cd43dd8448eb211c803177',
      '',
    ];
    const finds = (store: string): Broom => ({ ...broom(store, 0), find: () => Promise.resolve(found) });
    const brooms = [finds('objects'), finds('clickhouse'), broom('queue', 0)];
    expect(await leftCanaries(brooms, 'project')).toEqual({
      canaries: [{ ...canary, exported: { from: at, minutes: 12 } }],
      files: [],
      unknown: {},
    });
  });

  it('are swept where they are known, and a store that cannot be asked is said to be unknown', async () => {
    const sentAt = new Date('2026-11-21T02:07:00Z');
    const asked: Broom = { ...broom('clickhouse', 0), find: () => Promise.resolve([{ traceId, sentAt }]) };
    const refusing: Broom = { ...broom('objects', 0), find: () => Promise.reject(silent) };
    expect(await leftCanaries([refusing, asked], 'project')).toEqual({
      canaries: [canaryIds('project', traceId, at, sentAt)],
      files: [],
      unknown: { objects: silent.message },
    });
    const placing: Broom = {
      ...broom('queue', 0),
      find: () => Promise.resolve([{ traceId, files: ['otel/project/a.json'] }]),
    };
    expect(await leftCanaries([asked, placing], 'project')).toMatchObject({
      canaries: [{ traceId, at: sentAt, exported: null }],
      files: ['otel/project/a.json'],
    });
    const broken: Broom = { ...asked, find: () => Promise.reject(new TypeError('oops')) };
    await expect(leftCanaries([broken], 'project')).rejects.toThrow('oops');
  });
});
