import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import { removeLeftKeys } from '../../src/validate/negative/temporary-key.ts';
import { takingBack } from '../../src/validate/temporary-pair.ts';
import { keysWorld, now, rowOf } from '../keys/world.ts';

type Row = Awaited<ReturnType<typeof rowOf>>;

const note = 'lfctl validate: temporary key';
const hourMs = 3_600_000;
const made = async (id: string, agoMs: number, more: Parameters<typeof rowOf>[2] = {}): Promise<Row> =>
  await rowOf(id, `sk-lf-${id}`, {
    note,
    created_at: new Date(now.getTime() - agoMs).toISOString().slice(0, -1),
    ...more,
  });

async function cleaned(rows: readonly Row[], redis: 'up' | 'down' = 'up') {
  const world = keysWorld(rows);
  world.redis = redis;
  const tenancy = world.tenancy();
  const { postgres } = tenancy;
  if (postgres.state !== 'open') throw new Error('Postgres is not open');
  const stores = { ...tenancy, generation: 3 } as const;
  const keys = await removeLeftKeys(postgres, stores, 'p1', 'pk-lf-own');
  return { keys, rows: [...world.rows.keys()] };
}

describe('temporary keys that killed runs have left', () => {
  it('go when they are an hour old, and no others', async () => {
    const other = await made('other', 2 * hourMs, { note: 'mine' });
    const found = await cleaned([await made('old', 2 * hourMs), other]);
    expect(found).toEqual({ keys: { left: 0, unsure: null }, rows: ['other'] });
  });

  it('are told where they are younger, unless it is the key of this run', async () => {
    const found = await cleaned([await made('young', 1000), await made('own', 1000)]);
    expect(found.keys).toEqual({
      left: 0,
      unsure: '1 temporary key is younger than an hour, and may be of a run under way',
    });
    expect(found.rows).toEqual(['young', 'own']);
  });

  it('do not end the clean-up where the cache of keys cannot be asked', async () => {
    const { keys } = await cleaned([await made('old', 2 * hourMs)], 'down');
    expect(keys).toEqual({
      left: 0,
      unsure: expect.stringContaining('a cached copy of the key may be left'),
    });
  });
});

describe('the key of a run', () => {
  const residue = { total: 0, byStore: { queue: 0 }, unknown: {}, ms: 1 };
  const gone = (): Promise<null> => Promise.resolve(null);
  const left = (): Promise<string> => Promise.resolve('pk-lf-1 was not taken back: no');

  it('changes nothing in the report where it went', async () => {
    expect(await takingBack(Promise.resolve({ residue }), gone)).toEqual({ residue });
  });

  it('is told beside the whole report where it did not', async () => {
    const report = { verdict: 'ok', residue };
    expect(await takingBack(Promise.resolve(report), left)).toEqual({
      verdict: 'ok',
      residue: { ...residue, unknown: { keys: 'pk-lf-1 was not taken back: no' } },
    });
    const { residue: alone } = await takingBack(Promise.resolve({ residue: null }), left);
    expect(alone).toEqual({
      total: 0,
      byStore: {},
      unknown: { keys: 'pk-lf-1 was not taken back: no' },
      ms: 0,
    });
  });

  it('is told with what ended the run', async () => {
    const ended = Promise.reject(new LfctlError('INTERRUPTED', { message: 'interrupted' }));
    await expect(takingBack(ended, left)).rejects.toMatchObject({
      code: 'INTERRUPTED',
      message: 'interrupted; left: pk-lf-1 was not taken back: no',
    });
  });
});
