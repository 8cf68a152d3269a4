import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../../src/errors/error.ts';
import { canaryTime } from '../../../src/validate/canary-id.ts';
import { askedDuring } from '../../../src/validate/during/ask.ts';
import { runCommand } from '../../../src/validate/during/command.ts';
import { firstSecond, generationId, numberIn, windowTrace } from '../../../src/validate/during/ids.ts';
import { openLedger } from '../../../src/validate/during/ledger.ts';
import { keepPace, parseRate } from '../../../src/validate/during/pace.ts';
import { countRefusals } from '../../../src/validate/during/refusals.ts';
import { sdkRetry } from '../../../src/validate/during/retry.ts';
import { seriesOf } from '../../../src/validate/during/series.ts';
import { openSlots } from '../../../src/validate/during/slots.ts';
import { percentile } from '../../../src/validate/during/tally.ts';
import { virtualClock } from './_clock.ts';

const now = new Date('2026-11-21T02:00:00Z');

describe('ids', () => {
  it('stand for seconds that plain runs do not take, and carry the time of now', () => {
    const hours = [0, 0.5, 1].map((share) => (now.getTime() / 1000 - firstSecond(now, share)) / 3600);
    expect(hours).toEqual([1, 12.5, 24]);
    const second = firstSecond(now, 0.5);
    const trace = windowTrace('project', 'json', second, now);
    expect(canaryTime('project', trace.traceId)).toEqual(new Date(second * 1000));
    expect(trace.at).toEqual(now);
  });

  it('number the canaries in either form', () => {
    const trace = windowTrace('project', 'json', firstSecond(now, 0), now);
    expect(generationId(trace, 'json', 60_000)).toBe(`${trace.traceId}-00ea60`);
    const span = generationId(trace, 'otlp-protobuf', 60_000);
    expect(span).toMatch(/^[0-9a-f]{10}00ea60$/);
    for (const id of [generationId(trace, 'json', 60_000), span]) expect(numberIn(id)).toBe(60_000);
    const other = windowTrace('project', 'json', firstSecond(now, 1), now);
    expect(generationId(other, 'otlp-json', 1)).not.toBe(generationId(trace, 'otlp-json', 1));
  });
});

describe('the ledger', () => {
  it('keeps what it was told however many there are', () => {
    const ledger = openLedger();
    for (let index = 0; index < 3000; index += 1) expect(ledger.add(index, 7)).toBe(index);
    ledger.accept(2999, 12);
    ledger.see(2999, 20, 1);
    ledger.see(2999, 30, 2);
    ledger.giveUp(0);
    expect(ledger.size()).toBe(3000);
    expect(ledger.at(2999)).toEqual({
      plannedMs: 2999,
      second: 7,
      acceptedMs: 12,
      seenMs: 20,
      rows: 2,
      settled: true,
    });
    expect(ledger.at(0)).toMatchObject({ acceptedMs: Number.NaN, seenMs: Number.NaN, settled: true });
    expect(ledger.at(1).settled).toBe(false);
  });
});

describe('the pace', () => {
  it('is made up for when this machine was busy', async () => {
    const clock = virtualClock();
    const planned: number[] = [];
    let isFirst = true;
    await keepPace({
      clock: {
        ...clock,
        pause: async (ms) => {
          await clock.pause(isFirst ? 5000 : ms);
          isFirst = false;
        },
      },
      everyMs: 200,
      isOver: (sinceMs) => sinceMs >= 6000,
      send: (plannedMs) => planned.push(plannedMs),
    });
    expect(planned).toEqual(Array.from({ length: 30 }, (_, index) => index * 200));
  });

  it.each([
    ['5/s', 5],
    ['300/m', 5],
    ['0.5/s', 0.5],
    ['500/s', 500],
    ['501/s', null],
    ['0/s', null],
    ['5', null],
    ['5/h', null],
    ['-5/s', null],
  ])('%s is %s a second', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });
});

describe('flags', () => {
  const flags = { during: false, forMs: null, rate: undefined, words: [], clean: false };
  const beside = {
    start: () => ({ ended: new Promise<never>(() => undefined), pass: () => undefined }),
    env: {},
    sharesTerminal: false,
  };
  const ask = (parts: Partial<Parameters<typeof askedDuring>[0]>) =>
    askedDuring({ ...flags, ...parts }, beside);

  it('ask for one canary of each way, for a time, or for a command', () => {
    expect(ask({})).toBeNull();
    expect(ask({ forMs: 1000 })).toMatchObject({ ratePerSecond: 5 });
    expect(ask({ forMs: 1000, rate: '60/m' })).toEqual({ ratePerSecond: 1, forMs: 1000, command: null });
    expect(ask({ during: true, words: ['a', '-b'] })).toMatchObject({
      forMs: null,
      command: { words: ['a', '-b'] },
    });
  });

  it.each([
    [{ rate: 'often' }, /--rate is 'often'/],
    [{ rate: '5/s' }, /it goes with --during or --for/],
    [{ words: ['helm'] }, /without --during/],
    [{ during: true }, /--during needs a command/],
    [{ forMs: 1000, clean: true }, /--clean sends nothing/],
  ])('are refused: %j', (parts, message) => {
    expect(() => ask(parts)).toThrow(message);
  });
});

describe('an SDK', () => {
  const pauses = (way: 'json' | 'otlp-json', status: number | null): (number | null)[] =>
    [1, 2, 3, 4, 5].map((attempts) =>
      sdkRetry(way)({ status, attempts, sinceMs: [0, 1000, 2500, 4750, 8125][attempts - 1] ?? 0 }),
    );

  it('does not try again over OpenTelemetry when a hang has taken its time', () => {
    expect(sdkRetry('otlp-json')({ status: null, attempts: 1, sinceMs: 10_000 })).toBeNull();
    expect(sdkRetry('json')({ status: null, attempts: 1, sinceMs: 10_000 })).toBe(3000);
  });

  it.each([
    ['json', null, [3000, 3000, 3000, null, null]],
    ['json', 500, [3000, 3000, 3000, null, null]],
    ['json', 207, [null, null, null, null, null]],
    ['json', 401, [null, null, null, null, null]],
    ['otlp-json', null, [1000, 1500, 2250, 3375, null]],
    ['otlp-json', 503, [1000, 1500, 2250, 3375, null]],
    ['otlp-json', 500, [null, null, null, null, null]],
  ] as const)('by %s after %s waits %j', (way, status, expected) => {
    expect(pauses(way, status)).toEqual(expected);
  });
});

describe('slots', () => {
  it('let so many through at once, and the next when one leaves, however it leaves', async () => {
    const slots = openSlots(2);
    const ends: (() => void)[] = [];
    let open = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      open += 1;
      most = Math.max(most, open);
      await new Promise<void>((end) => ends.push(end));
      open -= 1;
      if (ends.length === 1) throw new Error('one fails');
    };
    const all = Promise.allSettled(Array.from({ length: 5 }, async () => await slots.run(work)));
    for (let count = 1; count <= 5; count += 1) {
      while (ends.length < Math.min(count + 1, 5)) await Promise.resolve();
      ends[count - 1]?.();
    }
    expect(await all).toHaveLength(5);
    expect(most).toBe(2);
    await expect(slots.run(() => Promise.resolve('free'))).resolves.toBe('free');
  });
});

describe('refusals', () => {
  it('are counted by their reason, without the ids in it, and few are kept', () => {
    const refusals = countRefusals();
    for (let index = 0; index < 30; index += 1) {
      refusals.add(`event 6c6663746b00fb20dca598ff6bc0e54e-00000${index % 10} refused`);
      refusals.add(`reason ${index}`);
    }
    const [first, ...rest] = refusals.list();
    expect(first).toEqual({ detail: 'event … refused', count: 30 });
    expect(rest.find(({ detail }) => detail === 'other reasons')?.count).toBe(21);
    expect(rest.length).toBeLessThanOrEqual(10);
    expect(refusals.total()).toBe(60);
  });
});

describe('figures', () => {
  it('percentiles are by nearest rank', () => {
    const values = Float64Array.from({ length: 200 }, (_, index) => index + 1);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 190, 198, 200]);
    expect(percentile(Float64Array.from([7]), 0.99)).toBe(7);
  });

  it('a series has at most 120 stretches of a length that people read', () => {
    const ledger = openLedger();
    for (let second = 0; second < 600; second += 1) {
      const index = ledger.add(second * 1000, 0);
      ledger.accept(index, second * 1000 + 30);
      if (second >= 300) ledger.see(index, second * 1000 + 2000, 1);
    }
    const { stretchMs, stretches } = seriesOf(ledger, 0, 600_000, true);
    expect([stretchMs, stretches.length]).toEqual([5000, 120]);
    expect(stretches[0]).toEqual({
      atMs: 0,
      sent: 5,
      accepted: 5,
      arrived: 0,
      lost: 5,
      httpMs: 30,
      arrivalMs: null,
    });
    expect(stretches[119]).toMatchObject({ atMs: 595_000, arrived: 5, lost: 0, arrivalMs: 2000 });
  });
});

describe('the command', () => {
  const setUp = (sharesTerminal: boolean) => {
    const passed: string[] = [];
    let end: (code: number) => void = () => undefined;
    const ended = new Promise<{ state: 'exited'; code: number }>((resolve) => {
      end = (code) => resolve({ state: 'exited', code });
    });
    const start = () => ({ ended, pass: (signal: string) => void passed.push(signal) });
    const controller = new AbortController();
    const running = runCommand(
      { words: ['x'], start, env: {}, sharesTerminal },
      virtualClock(),
      controller.signal,
    );
    const abort = (code: 'INTERRUPTED' | 'TERMINATED'): void =>
      controller.abort(new LfctlError(code, { message: 'ended' }));
    return { passed, end: (code: number) => end(code), abort, running };
  };

  it.each([
    ['INTERRUPTED', false, ['SIGINT']],
    ['TERMINATED', false, ['SIGTERM']],
    // The terminal has sent it to the whole group.
    ['INTERRUPTED', true, []],
    ['TERMINATED', true, ['SIGTERM']],
  ] as const)('%s, on a terminal %s: %j', async (code, sharesTerminal, expected) => {
    const { passed, end, abort, running } = setUp(sharesTerminal);
    abort(code);
    expect(passed).toEqual(expected);
    end(4);
    expect(await running).toMatchObject({ program: 'x', exitCode: 4 });
  });
});
