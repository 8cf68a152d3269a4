import { describe, expect, it } from 'vitest';
import type { HopName, HopResult, Look } from '../../src/validate/hop.ts';
import { hopNames } from '../../src/validate/hop.ts';
import { firstFailed, hopReports, residueExit, together, verdictOf } from '../../src/validate/judge.ts';

const results = (states: Partial<Record<HopName, Look['state']>>): HopResult[] =>
  hopNames.flatMap((hop) => {
    const state = states[hop];
    return state === undefined ? [] : [{ hop, look: { state, detail: `${hop} is ${state}` }, ms: 10 }];
  });

const all = (states: Partial<Record<HopName, Look['state']>> = {}, asked: readonly string[] = []) =>
  hopReports(
    results({ http: 'seen', object: 'seen', queue: 'seen', store: 'seen', read: 'seen', ...states }),
    asked,
  );

describe('the verdict', () => {
  it('is ok when every hop was seen, and with API keys alone', () => {
    expect(verdictOf(all(), [])).toBe('ok');
    const alone = all({ object: 'skipped', queue: 'skipped', store: 'skipped' });
    expect(verdictOf(alone, [])).toBe('ok');
    expect(alone.map(({ status, required }) => `${status} ${required}`)).toEqual([
      'ok true',
      'skipped false',
      'skipped false',
      'skipped false',
      'ok true',
    ]);
  });

  it('is incomplete when a configured store could not be looked at, or a required one is not configured', () => {
    expect(verdictOf(all({ store: 'unknown' }), [])).toBe('incomplete');
    expect(verdictOf(all({ queue: 'skipped' }, ['queue']), [])).toBe('incomplete');
  });

  it('asks nobody for a hop that this generation has not', () => {
    const none: HopResult[] = [
      ...results({ http: 'seen', store: 'seen', read: 'seen' }),
      { hop: 'queue', look: { state: 'skipped', detail: 'Langfuse 2', none: true }, ms: 0 },
      { hop: 'object', look: { state: 'skipped', detail: 'Langfuse 2', none: true }, ms: 0 },
    ];
    expect(verdictOf(hopReports(none, ['object', 'queue']), [])).toBe('ok');
  });

  it('is incomplete when it is not known whether something is refused', () => {
    expect(verdictOf(all(), [{ status: 'ok' }, { status: 'unknown' }])).toBe('incomplete');
    expect(verdictOf(all({ read: 'failed' }), [{ status: 'unknown' }])).toBe('findings');
  });

  it('is a finding when a hop failed, or what must be refused was not', () => {
    expect(verdictOf(all({ queue: 'failed' }), [])).toBe('findings');
    expect(verdictOf(all({ read: 'waiting' }), [])).toBe('findings');
    expect(verdictOf(all(), [{ status: 'fail' }])).toBe('findings');
  });

  it('names the first hop that failed; hops that were not reached are unknown', () => {
    const hops = hopReports(results({ http: 'failed' }), []);
    expect(firstFailed(hops)?.hop).toBe('http');
    expect(hops.slice(1).map(({ status, detail }) => `${status} ${detail ?? ''}`)).toEqual(
      Array.from({ length: 4 }, () => 'unknown not reached'),
    );
    expect(firstFailed(all({ queue: 'failed', read: 'waiting' }))?.hop).toBe('queue');
    expect(firstFailed(all())).toBeNull();
  });

  it('takes the worst of all ways, and the longest time', () => {
    const good = { way: 'json' as const, traceId: 'a', hops: all() };
    const bad = {
      way: 'otlp-json' as const,
      traceId: 'b',
      hops: all({ store: 'waiting' }).map((hop) => ({ ...hop, ms: 99 })),
    };
    expect(together([good, bad]).map(({ hop, status, ms }) => `${hop} ${status} ${ms}`)).toEqual([
      'http ok 99',
      'object ok 99',
      'queue ok 99',
      'store fail 99',
      'read ok 99',
    ]);
  });
});

describe('the exit of a clean-up', () => {
  const residue = { total: 0, byStore: {}, unknown: {}, ms: 1 };
  it('is ok only when nothing is left and every store was looked at', () => {
    expect(residueExit(residue)).toBe('ok');
    expect(residueExit({ ...residue, total: 1 })).toBe('findings');
    expect(residueExit({ ...residue, unknown: { queue: 'refused' } })).toBe('incomplete');
  });
});
