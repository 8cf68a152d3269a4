import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/doctor/check.ts';
import { diagnose } from '../../../src/doctor/engine/diagnose.ts';
import { evaluateCheck } from '../../../src/doctor/engine/evaluate.ts';
import type { AnyCheck } from '../../../src/doctor/engine/types.ts';
import { check, failed, outcomes, subject } from './support.ts';

type Row = readonly [
  id: string,
  explains?: readonly string[],
  more?: Partial<AnyCheck> & { verdict?: Verdict },
];

/** Causes as `id > folded, folded`. */
function causes(...rows: readonly Row[]): string[] {
  const checks = rows.map(([id, explains = [], { verdict = failed, ...more } = {}]) =>
    check(id, verdict, { explains, ...more }),
  );
  const evaluated = checks.map((one) => evaluateCheck(one, outcomes({}), subject));
  return diagnose(evaluated, checks).map((cause) =>
    [cause.id, cause.explains.join(', ')].filter((part) => part !== '').join(' > '),
  );
}

const ok: Verdict = { status: 'ok' };

describe('diagnosis', () => {
  it('has no cause where nothing fails', () => {
    expect(
      causes(['a/1', ['a/2'], { verdict: ok }], ['a/2', [], { verdict: { status: 'unknown', reason: 'x' } }]),
    ).toEqual([]);
  });

  it('folds what another failing check explains', () => {
    expect(causes(['pods', ['health']], ['health'], ['redis', ['pods', 'health']])).toEqual([
      'redis > pods, health',
    ]);
  });

  it('folds through checks that are well or unknown', () => {
    expect(causes(['cause', ['middle']], ['middle', ['symptom'], { verdict: ok }], ['symptom'])).toEqual([
      'cause > symptom',
    ]);
  });

  it('a symptom stands alone when nothing explains it', () => {
    expect(causes(['pods', ['health']], ['cause', ['pods'], { verdict: ok }])).toEqual(['pods']);
  });

  it('of two that explain each other the surer is the cause', () => {
    const sure: Verdict = { ...failed, confidence: 1 };
    const guess: Verdict = { ...failed, confidence: 0.6 };
    expect(causes(['a', ['b'], { verdict: guess }], ['b', ['a'], { verdict: sure }])).toEqual(['b > a']);
    expect(causes(['a', ['b'], { verdict: sure }], ['b', ['a'], { verdict: guess }])).toEqual(['a > b']);
  });

  it('a circle of three has one cause, and never none', () => {
    expect(causes(['a', ['b']], ['b', ['c']], ['c', ['a']])).toEqual(['a > b, c']);
  });

  it('a cause outside a circle folds all of it', () => {
    expect(causes(['a', ['b']], ['b', ['a']], ['root', ['a']])).toEqual(['root > a, b']);
  });

  it('worse comes first, by what it accounts for too', () => {
    expect(
      causes(['info', [], { severity: 'info' }], ['error', [], { severity: 'error' }], ['critical']),
    ).toEqual(['critical', 'error', 'info']);
    expect(
      causes(['alone', [], { severity: 'error' }], ['warning', ['down'], { severity: 'warning' }], ['down']),
    ).toEqual(['warning > down', 'alone']);
  });

  it('of equals the one that explains more, then the surer, then the order of checks', () => {
    expect(causes(['one'], ['two', ['x', 'y']], ['x'], ['y'])[0]).toBe('two > x, y');
    expect(causes(['guess', [], { verdict: { ...failed, confidence: 0.5 } }], ['sure'])).toEqual([
      'sure',
      'guess',
    ]);
    expect(causes(['first'], ['second'])).toEqual(['first', 'second']);
  });

  it('takes the severity that the verdict gives', () => {
    expect(
      causes(['a', [], { verdict: { ...failed, severity: 'info' } }], ['b', [], { severity: 'warning' }]),
    ).toEqual(['b', 'a']);
  });

  it('hands evidence, fix, confidence and since on', () => {
    const one = check('a/1', { ...failed, confidence: 0.4, since: '2026-11-21T02:00:00Z' });
    const [cause] = diagnose([evaluateCheck(one, outcomes({}), subject)], [one]);
    expect(cause).toMatchObject({
      id: 'a/1',
      title: 'a/1 is well',
      severity: 'critical',
      confidence: 0.4,
      since: '2026-11-21T02:00:00Z',
      fix: [{ text: 'mend it' }],
    });
  });
});
