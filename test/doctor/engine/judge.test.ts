import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../src/doctor/engine/report.ts';
import { judgeFacts } from '../../../src/doctor/engine/report.ts';
import { evaluateCheck, toResults } from '../../../src/doctor/engine/evaluate.ts';
import { selectChecks, unmatchedPatterns } from '../../../src/doctor/engine/select.ts';
import type { AnyCheck } from '../../../src/doctor/engine/types.ts';
import { check, failed, known, outcomes, subject } from './support.ts';

const ok = { status: 'ok' } as const;
const lenient: Judgement = { strict: false, require: [] };
const report = (checks: readonly AnyCheck[], judgement = lenient, collected = outcomes({})) =>
  judgeFacts(checks, checks, collected, subject, judgement);

describe('what a check is judged on', () => {
  const refused = {
    status: 'unknown',
    code: 'REDIS_REFUSED',
    reason: 'refused',
    port: 'redis',
    ms: 9,
  } as const;

  it('is handed the facts it names, and the time of the latest', () => {
    const seen: unknown[] = [];
    const one = check('a/1', ok, {
      uses: ['f'],
      sees: ['g'],
      evaluate: (given) => (seen.push(given.facts, given.outcomes), ok),
    });
    const result = evaluateCheck(one, outcomes({ f: known(1, 7), g: refused, h: known(3, 99) }), subject);
    expect(seen).toEqual([{ f: 1 }, { g: refused }]);
    expect(result.ms).toBe(9);
  });

  it.each([
    ['an unknown fact', { f: refused }, { status: 'unknown', reason: 'refused' }],
    [
      'a skipped fact',
      { f: { status: 'skipped', reason: 'not configured: Redis', ms: 0 } as const },
      { status: 'skipped', reason: 'not configured: Redis' },
    ],
    ['a fact that nobody collected', {}, { status: 'unknown', reason: 'f was not collected' }],
  ])('%s', (_title, collected, verdict) => {
    const one = check('a/1', ok, { uses: ['f'] });
    expect(evaluateCheck(one, outcomes(collected), subject).verdict).toMatchObject(verdict);
  });

  it('one that throws is unknown, and the others are judged', () => {
    const throwing = check('a/1', () => {
      throw new Error('oops');
    });
    const { checks, verdict } = report([throwing, check('a/2', ok)]);
    expect(checks).toMatchObject([
      { status: 'unknown', reason: 'a fault of lfctl in a/1: Error: oops' },
      { status: 'ok' },
    ]);
    expect(verdict).toBe('incomplete');
  });

  it.each([
    ['redis/reachable', 'REDIS_REFUSED', failed, ok, { status: 'blocked', blockedBy: 'redis/reachable' }],
    ['redis/auth first', 'REDIS_AUTH', failed, failed, { status: 'blocked', blockedBy: 'redis/auth' }],
    [
      'one that is itself unknown',
      'REDIS_TIMEOUT',
      { status: 'unknown', reason: 'x' } as const,
      ok,
      { status: 'blocked', blockedBy: 'redis/reachable' },
    ],
    ['nothing that is well', 'REDIS_TIMEOUT', ok, ok, { status: 'unknown' }],
  ])('blocked by %s', (_title, code, reach, auth, row) => {
    const dependent = check('queue/backlog', ok, { uses: ['f'] });
    const checks = [check('redis/reachable', reach), check('redis/auth', auth), dependent];
    const collected = outcomes({ f: { ...refused, code } as never });
    expect(toResults(checks.map((one) => evaluateCheck(one, collected, subject)))[2]).toMatchObject(row);
  });

  it('never blocks itself, and a cluster that cannot be read blocks nothing', () => {
    const own = check('redis/reachable', { status: 'unknown', reason: 'x', blockers: ['redis/reachable'] });
    const kube = check('kube/pods', ok, { uses: ['f'] });
    const collected = outcomes({ f: { ...refused, port: 'kube', code: 'KUBE_UNREACHABLE' } });
    expect(
      toResults([own, kube].map((one) => evaluateCheck(one, collected, subject))).map((row) => row.status),
    ).toEqual(['unknown', 'unknown']);
  });
});

describe('where a check holds', () => {
  it.each([
    [{ generations: [2] }, 'does not apply to Langfuse 3'],
    [{ generations: [3, 4] }, null],
    [{ modes: ['dual'] }, 'does not apply in mode clickhouse'],
    [{ versions: '>=3.200.0' }, 'version 3.199.0 is not >=3.200.0'],
    [{ versions: '>=3.22.0 <4' }, null],
  ] as const)('%o', (appliesTo, reason) => {
    const { verdict } = evaluateCheck(check('a/1', ok, { appliesTo }), outcomes({}), subject);
    expect(verdict).toEqual(reason === null ? ok : { status: 'skipped', reason });
  });

  it('an unknown generation is no reason to look away, an unknown version is', () => {
    const blind = { ...subject, generation: null, mode: null, version: null };
    const judge = (appliesTo: NonNullable<AnyCheck['appliesTo']>) =>
      evaluateCheck(check('a/1', ok, { appliesTo }), outcomes({}), blind).verdict.status;
    expect([judge({ generations: [2] }), judge({ modes: ['dual'] }), judge({ versions: '>=3.0.0' })]).toEqual(
      ['ok', 'ok', 'skipped'],
    );
  });

  it('prereleases count', () => {
    const one = check('a/1', ok, { appliesTo: { versions: '>=4.0.0' } });
    expect(evaluateCheck(one, outcomes({}), { ...subject, version: '4.1.0-rc.1' }).verdict.status).toBe('ok');
  });
});

describe('verdict and counts', () => {
  const row = (verdict: Parameters<typeof check>[1], severity: AnyCheck['severity'] = 'critical') =>
    check('config/x', verdict, { severity });
  const unset = { status: 'skipped', reason: 'not configured: LiteLLM' } as const;
  const other = { status: 'skipped', reason: 'does not apply to Langfuse 2' } as const;
  const unknown = { status: 'unknown', reason: 'forbidden' } as const;

  it.each([
    ['all is well', [row(ok)], 'healthy', 'healthy'],
    ['a critical failure', [row(failed), row(ok)], 'findings', 'findings'],
    ['an error', [row(failed, 'error')], 'findings', 'findings'],
    ['a warning alone', [row(failed, 'warning')], 'healthy', 'findings'],
    ['info alone', [row(failed, 'info')], 'healthy', 'findings'],
    [
      'a warning raised to an error',
      [row({ ...failed, severity: 'error' }, 'warning')],
      'findings',
      'findings',
    ],
    ['a critical check that only warns', [row({ ...failed, severity: 'warning' })], 'healthy', 'findings'],
    ['unknown', [row(unknown)], 'incomplete', 'incomplete'],
    ['unknown and failing', [row(unknown), row(failed)], 'findings', 'findings'],
    ['not configured', [row(unset)], 'healthy', 'incomplete'],
    ['not for this version', [row(other)], 'healthy', 'healthy'],
  ])('%s', (_title, checks, plain, strict) => {
    expect(report(checks).verdict).toBe(plain);
    expect(report(checks, { strict: true, require: [] }).verdict).toBe(strict);
  });

  it('--require makes an area that is not configured incomplete, others not', () => {
    expect(report([row(unset)], { strict: false, require: ['config'] }).verdict).toBe('incomplete');
    expect(report([row(unset)], { strict: false, require: ['redis'] }).verdict).toBe('healthy');
  });

  it('counts every status', () => {
    expect(report([row(ok), row(ok), row(failed), row(unknown), row(unset)]).counts).toEqual({
      ok: 2,
      fail: 1,
      unknown: 1,
      blocked: 0,
      skipped: 1,
      muted: 0,
    });
  });

  it('keeps the reason of what is skipped and the severity of what failed', () => {
    expect(report([row(unset), row({ ...failed, severity: 'info' })]).checks).toMatchObject([
      { reason: unset.reason },
      { severity: 'info', detail: 'broken' },
    ]);
  });
});

describe('choosing', () => {
  const checks = ['redis/auth', 'redis/reachable', 'queue/backlog', 'web/health'].map((id) => check(id, ok));
  const ids = (only: string[], skip: string[] = []) => selectChecks(checks, only, skip).map((one) => one.id);

  it.each([
    [[], [], 4],
    [['redis'], [], 2],
    [['redis/auth'], [], 1],
    [['*/reachable', 'web'], [], 2],
    [['re*'], ['redis/auth'], 1],
    [[], ['redis', 'queue'], 1],
    [['redis'], ['*'], 0],
  ])('--only %j --skip %j', (only, skip, count) => {
    expect(ids(only, skip)).toHaveLength(count);
  });

  it('takes signs of regular expressions as they stand', () => {
    expect([ids(['redis.auth*']), ids(['redis/au'])]).toEqual([[], []]);
  });

  it('names patterns that match nothing', () => {
    expect(unmatchedPatterns(checks, ['redis', 'redi', '*/nope', 'web/health'])).toEqual(['redi', '*/nope']);
  });
});
