import { describe, expect, it } from 'vitest';
import { collectFacts } from '../../../src/doctor/engine/collect.ts';
import { neededFacts } from '../../../src/doctor/engine/select.ts';
import { Skipped } from '../../../src/doctor/fact.ts';
import { facts as allFacts } from '../../../src/doctor/facts/index.gen.ts';
import { LfctlError } from '../../../src/errors/error.ts';
import { check, collecting, fact } from './support.ts';

const never = () => new Promise(() => undefined);

describe('order', () => {
  it('runs what does not wait for another at once, and each after those it names', async () => {
    const order: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const log = (id: string, until?: Promise<void>) => async () => {
      order.push(`start ${id}`);
      await until;
      order.push(`end ${id}`);
    };
    const run = collectFacts(
      [
        fact('c', log('c'), { after: ['a', 'b'] }),
        fact('a', log('a', released)),
        fact('b', log('b', released)),
      ],
      collecting(),
    );
    await Promise.resolve();
    expect(order).toEqual(expect.arrayContaining(['start a', 'start b']));
    expect(order).not.toContain('start c');
    release();
    await run;
    expect(order.slice(-2)).toEqual(['start c', 'end c']);
  });

  it('collects each once, however many come after it, and hands earlier ones on', async () => {
    let runs = 0;
    const seen: unknown[] = [];
    const read = { after: ['a'] };
    const facts = [
      fact('a', () => (runs += 1)),
      fact('b', (context) => seen.push(context.fact('a')), read),
      fact('c', (context) => seen.push(context.fact('nope')), read),
    ];
    await collectFacts(facts, collecting());
    expect(runs).toBe(1);
    expect(seen).toEqual([
      expect.objectContaining({ status: 'known', value: 1 }),
      expect.objectContaining({ status: 'unknown', code: 'BUG' }),
    ]);
  });

  it('goes on after one that failed', async () => {
    const facts = [
      fact('a', () => {
        throw new LfctlError('KUBE_FORBIDDEN', { message: 'forbidden: list pods in lf' });
      }),
      fact('b', (context) => context.fact('a').status, { after: ['a'] }),
    ];
    const found = await collectFacts(facts, collecting());
    expect(found.get('a')).toMatchObject({
      status: 'unknown',
      code: 'KUBE_FORBIDDEN',
      reason: 'forbidden: list pods in lf',
    });
    expect(found.get('b')).toMatchObject({ status: 'known', value: 'unknown' });
  });

  it('the real facts have no circle and name only facts that exist', () => {
    const byId = new Map(allFacts.map((one) => [one.id as string, one]));
    const visit = (id: string, path: readonly string[]): void => {
      expect(path).not.toContain(id);
      expect(byId.has(id)).toBe(true);
      for (const next of byId.get(id)?.after ?? []) visit(next, [...path, id]);
    };
    for (const id of byId.keys()) visit(id, []);
  });
});

describe('ends', () => {
  it("a fact's own deadline", async () => {
    const found = await collectFacts(
      [fact('slow', never), fact('quick')],
      collecting({ factTimeoutMs: 400 }),
    );
    expect(found.get('slow')).toMatchObject({
      status: 'unknown',
      code: 'TIMEOUT',
      reason: expect.stringMatching(/^no answer within \d+(\.\d)? m?s$/) as string,
    });
    expect(found.get('quick')).toMatchObject({ status: 'known' });
  });

  it('the signal of the run, also one that has already come', async () => {
    const late = new AbortController();
    const seen: AbortSignal[] = [];
    const run = collectFacts(
      [
        fact(
          'slow',
          async (context) => (seen.push(context.signal, context.access.signal), late.abort(), await never()),
        ),
      ],
      collecting({ signal: late.signal }),
    );
    expect((await run).get('slow')).toMatchObject({ status: 'unknown', code: 'TIMEOUT' });
    expect(seen.map((signal) => signal.aborted)).toEqual([true, true]);
    const before = await collectFacts([fact('x', never)], collecting({ signal: AbortSignal.abort() }));
    expect(before.get('x')).toMatchObject({ status: 'unknown', code: 'TIMEOUT' });
  });

  it('Skipped, and a fault of our own, each as an outcome', async () => {
    const facts = [
      fact('skipped', () => {
        throw new Skipped('not configured: Redis');
      }),
      fact('bug', () => {
        throw new TypeError('x is undefined');
      }),
    ];
    const found = await collectFacts(facts, collecting());
    expect(found.get('skipped')).toMatchObject({ status: 'skipped', reason: 'not configured: Redis' });
    expect(found.get('bug')).toMatchObject({
      status: 'unknown',
      code: 'BUG',
      reason: expect.stringContaining('a fault of lfctl') as string,
    });
  });

  it('tells which port did not open', async () => {
    const refused = new LfctlError('REDIS_REFUSED', { message: 'refused' });
    const throwing = (): never => {
      throw refused;
    };
    const portOf = (error: unknown) => (error === refused ? ('redis' as const) : undefined);
    const found = await collectFacts([fact('a', throwing), fact('b', throwing)], collecting({ portOf }));
    expect([...found.values()]).toEqual([
      expect.objectContaining({ port: 'redis', code: 'REDIS_REFUSED' }),
      expect.objectContaining({ port: 'redis', code: 'REDIS_REFUSED' }),
    ]);
  });
});

describe('what more than reads', () => {
  const probe = fact('probe', () => 'done', { cost: 'active' });
  it.each([
    [false, { status: 'skipped', reason: 'needs --probe' }],
    [true, { status: 'known', value: 'done' }],
  ])('with --probe %s', async (asked, outcome) => {
    expect((await collectFacts([probe], collecting({ probe: asked }))).get('probe')).toMatchObject(outcome);
  });
});

describe('needed facts', () => {
  it('are those the checks use and see, with all they come after', () => {
    const facts = [
      fact('a'),
      fact('b', undefined, { after: ['a'] }),
      fact('c', undefined, { after: ['b'] }),
      fact('d'),
      fact('e'),
    ];
    const ok = { status: 'ok' } as const;
    const checks = [check('x/1', ok, { uses: ['c'] }), check('x/2', ok, { sees: ['d'] })];
    expect(neededFacts(facts, checks).map((one) => one.id)).toEqual(['a', 'b', 'c', 'd']);
  });
});
