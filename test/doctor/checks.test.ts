import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/checks/index.gen.ts';
import type { Subject } from '../../src/doctor/engine/evaluate.ts';
import { evaluateCheck, toResults } from '../../src/doctor/engine/evaluate.ts';
import type { AnyCheck, Outcomes } from '../../src/doctor/engine/types.ts';
import { anyCheck } from '../../src/doctor/engine/types.ts';
import type { CheckResult } from '../../src/doctor/report.ts';
import { outcomesWith, recordedAt, recordedFacts, withUnknown } from './facts.ts';
import { failingRows } from './failing-rows.ts';

const all: readonly AnyCheck[] = checks.map(anyCheck);
const subject: Subject = { generation: 3, mode: 'clickhouse', version: '3.199.0', now: recordedAt };

function judge(check: AnyCheck, outcomes: Outcomes): CheckResult {
  const [result] = toResults([evaluateCheck(check, outcomes, subject)]);
  if (result === undefined) throw new Error('no result');
  return result;
}

function checkOf(id: string): AnyCheck {
  const found = all.find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

describe('healthy', () => {
  it.each(all.map((check) => [check.id, check] as const))('%s is ok', (_id, check) => {
    expect(judge(check, outcomesWith())).toMatchObject({ status: 'ok' });
  });
});

describe('failing', () => {
  it.each(failingRows.map((row) => [row.check, row.when, row] as const))('%s: %s', (id, _when, row) => {
    const check = checkOf(id);
    const { verdict } = evaluateCheck(check, outcomesWith(row.change), subject);
    expect(verdict.status).toBe('fail');
    if (verdict.status !== 'fail') return;
    expect(verdict.detail).toMatch(row.says);
    for (const { source, again, observed, expected } of verdict.evidence) {
      expect([source, again, observed, expected].every((text) => text !== '')).toBe(true);
    }
    expect(verdict.fix.every((fix) => fix.text !== '')).toBe(true);
  });

  it('has a row for every check', () => {
    expect(all.map((check) => check.id).filter((id) => !failingRows.some((row) => row.check === id))).toEqual(
      [],
    );
  });
});

describe('unreachable', () => {
  const pairs = all.flatMap((check) => check.uses.map((fact) => [check.id, fact, check] as const));
  it.each(pairs)('%s is never ok without %s', (_id, fact, check) => {
    expect(judge(check, withUnknown(outcomesWith(), [fact]))).toMatchObject({
      status: 'unknown',
      reason: 'timeout 3 s',
    });
  });

  it.each(all.map((check) => [check.id, check] as const))(
    '%s knows nothing when nothing can be read',
    (_id, check) => {
      expect(['unknown', 'blocked']).toContain(
        judge(check, withUnknown(outcomesWith(), recordedFacts)).status,
      );
    },
  );

  const seen = all.flatMap((check) => (check.sees ?? []).map((fact) => [check.id, fact, check] as const));
  it.each(seen)('%s does not fail for want of %s', (_id, fact, check) => {
    expect(judge(check, withUnknown(outcomesWith(), [fact])).status).not.toBe('fail');
  });

  it.each(['postgres', 'clickhouse', 'redis'])(
    '%s/reachable is unknown when only lfctl cannot connect',
    (store) => {
      const check = checkOf(`${store}/reachable`);
      expect(judge(check, withUnknown(outcomesWith(), [`${store}/login`])).status).toBe('unknown');
    },
  );
});

describe('where a check does not apply', () => {
  it.each(
    all
      .filter((check) => check.appliesTo?.generations?.includes(2) === false)
      .map((check) => [check.id, check] as const),
  )('%s is skipped on Langfuse 2', (_id, check) => {
    const { verdict } = evaluateCheck(check, outcomesWith(), {
      ...subject,
      generation: 2,
      version: '2.95.12',
    });
    expect(verdict).toMatchObject({ status: 'skipped', reason: 'does not apply to Langfuse 2' });
  });
});

describe('fixes and evidence', () => {
  it('explain only checks that exist', () => {
    const ids = new Set(all.map((check) => check.id));
    expect(
      all.flatMap((check) => check.explains.filter((id) => !ids.has(id)).map((id) => `${check.id} → ${id}`)),
    ).toEqual([]);
  });
});
