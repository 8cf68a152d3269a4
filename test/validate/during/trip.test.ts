/** Whole trips against a Langfuse in memory: the numbers that come out are those that were put in. */
import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../../src/errors/error.ts';
import type { Look } from '../../../src/validate/hop.ts';
import { verdictOf } from '../../../src/validate/judge.ts';
import { duringOutcome, duringReport, redacted } from '../../../src/validate/during/outcome.ts';
import type { DuringReport } from '../../../src/validate/during/report.ts';
import { sendAll } from '../../../src/validate/during/send-all.ts';
import type { World } from './_world.ts';
import { worldOf } from './_world.ts';

const arrive = { to: 'arrive', afterMs: 1000 } as const;

async function reportOf({ trip }: World): Promise<DuringReport> {
  return duringReport(trip, await sendAll(trip));
}

describe('many canaries', () => {
  it('all arrive: as many as the rate says, each looked for until it is there', async () => {
    const report = await reportOf(worldOf(() => arrive));
    expect(report).toMatchObject({
      sent: 50,
      late: 0,
      accepted: 50,
      notAccepted: 0,
      arrived: 50,
      lost: 0,
      unknown: 0,
      duplicated: 0,
      refusedRequests: 0,
      ms: 10_000,
      longestGapMs: 200,
      command: null,
    });
    const [http, store] = report.hops;
    expect(http).toMatchObject({ hop: 'http', count: 50, p50Ms: 20, p99Ms: 20 });
    expect(store?.p50Ms).toBeGreaterThanOrEqual(1000);
    expect(store?.maxMs).toBeLessThan(1000 + 300);
  });

  it('those that were accepted and never came are lost, after the whole timeout', async () => {
    const report = await reportOf(worldOf((index) => (index % 10 === 3 ? { to: 'vanish' } : arrive)));
    expect(report).toMatchObject({ sent: 50, accepted: 50, arrived: 45, lost: 5, unknown: 0 });
    expect(report.drainMs).toBeGreaterThanOrEqual(19_800);
    const marked = report.series.stretches.filter(({ lost }) => lost > 0).map(({ atMs }) => atMs);
    expect(marked).toEqual([0, 2000, 4000, 6000, 8000]);
  });

  it('a late one is waited for', async () => {
    const slow = { to: 'arrive', afterMs: 19_000 } as const;
    const report = await reportOf(worldOf((index) => (index === 49 ? slow : arrive)));
    expect(report).toMatchObject({ arrived: 50, lost: 0 });
  });

  it('refusals that pass are tried again as SDKs do, and are a gap', async () => {
    const report = await reportOf(
      worldOf((_index, _attempt, nowMs) =>
        nowMs >= 2000 && nowMs < 5000 ? { to: 'refuse', status: 500 } : arrive,
      ),
    );
    expect(report).toMatchObject({ sent: 50, accepted: 50, arrived: 50, lost: 0, refusedRequests: 15 });
    expect(report.refusals).toEqual([
      { detail: 'POST /api/public/ingestion answers 500: refused', count: 15 },
    ]);
    expect(report.longestGapMs).toBe(3200);
    expect(report.hops[0]?.maxMs).toBeGreaterThan(3000);
  });

  it('what no SDK tries again is not accepted, and not lost', async () => {
    const report = await reportOf(worldOf((index) => (index < 4 ? { to: 'refuse', status: 400 } : arrive)));
    expect(report).toMatchObject({ accepted: 46, notAccepted: 4, arrived: 46, lost: 0, refusedRequests: 4 });
  });

  it('sends at its rate while nothing answers, and counts what arrived without an answer', async () => {
    const report = await reportOf(worldOf((index) => ({ to: 'hang', taken: index % 2 === 0 })));
    expect(report).toMatchObject({
      sent: 50,
      late: 0,
      accepted: 0,
      notAccepted: 50,
      arrived: 25,
      lost: 0,
      refusedRequests: 200,
      longestGapMs: 10_000,
    });
  });

  it('rows that are there twice are duplicates', async () => {
    const report = await reportOf(worldOf((index) => ({ ...arrive, rows: index < 3 ? 2 : 1 })));
    expect(report).toMatchObject({ arrived: 50, duplicated: 3 });
  });

  it('nothing is lost by not looking: it is unknown, with the reason', async () => {
    const looker = () => ({
      hop: 'store' as const,
      look: () => Promise.reject(new LfctlError('CLICKHOUSE_REFUSED', { message: 'it is gone' })),
    });
    const report = await reportOf(worldOf(() => arrive, {}, { looker }));
    expect(report).toMatchObject({
      accepted: 50,
      arrived: 0,
      lost: 0,
      unknown: 50,
      unknownReason: 'it is gone',
    });
    expect(report.series.stretches.every(({ lost }) => lost === 0)).toBe(true);
  });

  it('a store that cannot be asked for a while is asked again', async () => {
    let looks = 0;
    const report = await reportOf(
      worldOf(
        () => arrive,
        {},
        {
          looker: (store) => ({
            ...store,
            look: async (...args) => {
              looks += 1;
              if (looks < 20) throw new LfctlError('CLICKHOUSE_REFUSED', { message: 'it restarts' });
              return await store.look(...args);
            },
          }),
        },
      ),
    );
    expect(report).toMatchObject({ arrived: 50, lost: 0, unknown: 0, unknownReason: null });
  });

  it('what others have under the same traces is not taken for one of them', async () => {
    const foreign = ['ffffffffff000003', '6c6663746b00fb20dca598ff6bc0e54e-000003', 'x', 'ffffffffffffffff'];
    const report = await reportOf(
      worldOf(
        (index) => (index === 3 ? { to: 'vanish' } : arrive),
        {},
        {
          looker: (store) => ({
            ...store,
            look: async (...args) => [
              ...foreign.map((id) => ({ id, rows: 1 })),
              ...(await store.look(...args)),
            ],
          }),
        },
      ),
    );
    expect(report).toMatchObject({ arrived: 49, lost: 1 });
  });

  it('a fault of ours ends the run, and is not counted as a refusal', async () => {
    const world = worldOf((index) => {
      if (index === 7) throw new RangeError('oops');
      return arrive;
    });
    await expect(sendAll(world.trip)).rejects.toThrow('oops');
  });

  it('each trace is sent until it is accepted, and then its generations alone', async () => {
    const world = worldOf(() => arrive, { forMs: 45_000 });
    await sendAll(world.trip);
    const traces = world.asked.filter((body) => body.includes('trace-create'));
    // Three windows of 20 s, whose first ones overlap with no other.
    expect(traces).toHaveLength(3);
    expect(new Set(world.asked.map((body) => /"traceId":"(\w+)"/.exec(body)?.[1])).size).toBe(3);
  });
});

describe('the report', () => {
  const judged = async (world: World, read: Look = { state: 'seen', detail: 'read' }) => {
    const { trip } = world;
    const during = duringReport(trip, await sendAll(trip));
    const { hops, negative } = duringOutcome(trip, during, read);
    return { verdict: verdictOf(hops, negative), states: hops.map(({ hop, status }) => `${hop} ${status}`) };
  };

  it('is ok when all were accepted, arrived, and can be read', async () => {
    expect(await judged(worldOf(() => arrive))).toEqual({
      verdict: 'ok',
      states: ['http ok', 'object skipped', 'queue skipped', 'store ok', 'read ok'],
    });
  });

  it.each([
    ['lost', () => ({ to: 'vanish' }) as const, 'findings', 'store fail'],
    ['not accepted', () => ({ to: 'refuse', status: 400 }) as const, 'findings', 'http fail'],
  ])('names what is %s', async (_, fate, verdict, state) => {
    const said = await judged(worldOf(fate));
    expect(said.verdict).toBe(verdict);
    expect(said.states).toContain(state);
  });

  it('is open where nothing could be asked', async () => {
    const looker = () => ({
      hop: 'store' as const,
      look: () => Promise.reject(new LfctlError('CLICKHOUSE_REFUSED', { message: 'it is gone' })),
    });
    const skipped = { state: 'skipped', detail: 'nothing has arrived' } as const;
    expect(
      (
        await judged(
          worldOf(() => arrive, {}, { looker }),
          skipped,
        )
      ).verdict,
    ).toBe('incomplete');
  });

  it('fails where the API does not give back what the store has', async () => {
    const said = await judged(
      worldOf(() => arrive),
      { state: 'failed', detail: '3 of 5' },
    );
    expect(said).toMatchObject({ verdict: 'findings' });
  });

  it('shows no secret that a server quotes', async () => {
    const { trip } = worldOf(() => ({ to: 'refuse', status: 400, body: 'hunter22 is wrong' }), {
      forMs: 1000,
    });
    const during = duringReport(trip, await sendAll(trip));
    const text = JSON.stringify(
      redacted({ ...during, unknownReason: 'refused hunter22' }, (quoted) =>
        quoted.replaceAll('hunter22', '[redacted]'),
      ),
    );
    expect(text).not.toContain('hunter22');
    expect(text.match(/\[redacted\]/g)).toHaveLength(2);
  });
});

describe('a command beside them', () => {
  const started: { program: string; args: readonly string[]; env: object }[] = [];
  const commandOf = (world: World, lastsMs: number) => ({
    words: ['/usr/bin/helm', 'upgrade', '--set', 'password=hunter22'],
    env: { PATH: '/bin' },
    sharesTerminal: false,
    start: (one: (typeof started)[number]) => {
      started.push(one);
      const ended = world.clock.pause(lastsMs).then(() => ({ state: 'exited' as const, code: 3 }));
      return { ended, pass: () => undefined };
    },
  });

  it('decides how long canaries are sent, and its end is told without its words', async () => {
    const world = worldOf(() => arrive, { forMs: null });
    const { trip } = world;
    const asked = { ...trip.asked, command: commandOf(world, 4000) };
    const report = await reportOf({ ...world, trip: { ...trip, asked } });
    expect(report.command).toMatchObject({ program: 'helm', exitCode: 3, ended: null, ms: 4000 });
    expect(report.ms).toBeGreaterThanOrEqual(4000);
    expect(report.ms).toBeLessThan(4500);
    expect(JSON.stringify(report)).not.toContain('hunter22');
    expect(started.at(-1)).toEqual({
      program: '/usr/bin/helm',
      args: ['upgrade', '--set', 'password=hunter22'],
      env: { PATH: '/bin' },
    });
  });

  it('with --for canaries go on after it', async () => {
    const world = worldOf(() => arrive, { forMs: 8000 });
    const asked = { ...world.trip.asked, command: commandOf(world, 1000) };
    const report = await reportOf({ ...world, trip: { ...world.trip, asked } });
    expect(report.ms).toBe(8000);
  });
});
