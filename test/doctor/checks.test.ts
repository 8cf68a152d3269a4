/** Every check on recorded facts of every generation: healthy, broken in one thing, and not readable. */
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/checks/index.gen.ts';
import type { Subject } from '../../src/doctor/engine/evaluate.ts';
import { evaluateCheck, toResults } from '../../src/doctor/engine/evaluate.ts';
import type { AnyCheck, Outcomes } from '../../src/doctor/engine/types.ts';
import { anyCheck } from '../../src/doctor/engine/types.ts';
import type { CheckResult } from '../../src/doctor/report.ts';
import { knownOf } from '../../src/doctor/subject.ts';
import type { FactsName } from './facts.ts';
import { allFactsNames, outcomesOf, recordedAt, recordedFacts, withUnknown } from './facts.ts';
import { failingRows } from './failing-rows.ts';

const all: readonly AnyCheck[] = checks.map(anyCheck);

const subjects = new Map(allFactsNames.map((name) => [name, subjectOf(outcomesOf(name))]));

/** As a run of doctor does: what is known of the version comes from the same facts. */
function subjectOf(outcomes: Outcomes): Subject {
  return knownOf(outcomes, recordedAt).subject;
}

function judge(check: AnyCheck, outcomes: Outcomes, subject = subjectOf(outcomes)): CheckResult {
  const [result] = toResults([evaluateCheck(check, outcomes, subject)]);
  if (result === undefined) throw new Error('no result');
  return result;
}

function checkOf(id: string): AnyCheck {
  const found = all.find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

/** Checks that say nothing of a generation. */
function skippedOn(generation: 2 | 3): Readonly<Record<string, object>> {
  return Object.fromEntries(
    all
      .filter((check) => check.appliesTo?.generations?.includes(generation) === false)
      .map((check) => [check.id, { status: 'skipped', reason: `does not apply to Langfuse ${generation}` }]),
  );
}

/** What is not simply ok in a healthy deployment of that version. */
const exceptions: Readonly<Partial<Record<FactsName, Readonly<Record<string, object>>>>> = {
  '2.95.12': skippedOn(2),
  '3.199.0': skippedOn(3),
  '3.225.4': skippedOn(3),
  '4.99.0': {
    'versions/known': {
      status: 'fail',
      severity: 'info',
      detail: 'Langfuse 4.99.0 is later than 4.16.0, the newest that lfctl knows: judged as 4.16.0',
    },
  },
  '5.0.0': {
    'versions/known': { status: 'unknown', reason: expect.stringContaining('later major version') as string },
  },
};

/** Their links would lead inside the cluster; nobody has used one. */
const notInUse: Readonly<Record<string, object>> = {
  'objects/media-endpoint': {
    status: 'skipped',
    reason: expect.stringContaining('nobody uses media yet') as string,
  },
  'objects/export-endpoint': { status: 'skipped' },
};

const inEach = allFactsNames.flatMap((name) => all.map((check) => [name, check.id, check] as const));

describe('healthy', () => {
  it.each(inEach)('%s: %s', (name, id, check) => {
    expect(judge(check, outcomesOf(name))).toMatchObject(
      exceptions[name]?.[id] ?? notInUse[id] ?? { status: 'ok' },
    );
  });

  it('2 has nothing to say of ClickHouse, Redis, queues and a worker', () => {
    const skipped = Object.keys(exceptions['2.95.12'] ?? {});
    expect(new Set(skipped.map((id) => id.split('/')[0]))).toEqual(
      new Set(['clickhouse', 'config', 'ingestion', 'objects', 'queue', 'redis', 'versions', 'worker']),
    );
  });
});

/** Whether the check says anything of that generation. */
const applies = (check: AnyCheck, name: FactsName): boolean => {
  const generation = subjects.get(name)?.generation ?? null;
  return generation !== null && check.appliesTo?.generations?.includes(generation) !== false;
};

describe('failing', () => {
  const rows = allFactsNames.flatMap((name) =>
    failingRows
      .filter((row) => applies(checkOf(row.check), name) && row.on?.includes(name) !== false)
      .map((row) => [name, row.check, row.when, row] as const),
  );

  it.each(rows)('%s: %s: %s', (name, id, _when, row) => {
    const check = checkOf(id);
    const outcomes = outcomesOf(name, row.change);
    const { verdict } = evaluateCheck(check, outcomes, subjectOf(outcomes));
    expect(verdict.status).toBe('fail');
    if (verdict.status !== 'fail') return;
    expect(verdict.detail).toMatch(row.says);
    for (const { source, again, observed, expected } of verdict.evidence) {
      expect([source, again, observed, expected].every((text) => text !== '')).toBe(true);
    }
    expect(verdict.fix.every((fix) => fix.text !== '')).toBe(true);
  });

  it('has a row for every check on every generation that it applies to', () => {
    const covered = new Set(rows.map(([name, id]) => `${name} ${id}`));
    const wanted = (['2.95.12', '3.199.0', '4.16.0'] as const).flatMap((name) =>
      all.filter((check) => applies(check, name)).map((check) => `${name} ${check.id}`),
    );
    expect(wanted.filter((pair) => !covered.has(pair))).toEqual([]);
  });
});

describe('unreachable', () => {
  const names: readonly FactsName[] = ['2.95.12', '3.199.0', '4.16.0', '4.99.0'];
  const inUse = inEach.filter(([name, , check]) => names.includes(name) && applies(check, name));
  const pairs = (of: (check: AnyCheck) => readonly string[]) =>
    inUse.flatMap(([name, id, check]) => of(check).map((fact) => [name, id, fact, check] as const));

  it.each(pairs((check) => check.uses))('%s: %s is never ok without %s', (name, _id, fact, check) => {
    const outcomes = withUnknown(outcomesOf(name), [fact]);
    expect(judge(check, outcomes, subjects.get(name))).toMatchObject({
      status: 'unknown',
      reason: 'timeout 3 s',
    });
  });

  it.each(inUse)('%s: %s knows nothing when nothing can be read', (name, _id, check) => {
    const nothing = withUnknown(outcomesOf(name), recordedFacts);
    expect(['unknown', 'blocked']).toContain(judge(check, nothing, subjects.get(name)).status);
    expect(['unknown', 'blocked']).toContain(judge(check, nothing).status);
  });

  it.each(pairs((check) => check.sees ?? []))(
    '%s: %s does not fail for want of %s',
    (name, _id, fact, check) => {
      const outcomes = withUnknown(outcomesOf(name), [fact]);
      const { status, reason } = judge(check, outcomes, subjects.get(name));
      expect(status).not.toBe('fail');
      expect(reason ?? '').not.toContain('a fault of lfctl');
    },
  );

  it.each(['postgres', 'clickhouse', 'redis'])(
    '%s/reachable is unknown when only lfctl cannot connect',
    (store) => {
      const check = checkOf(`${store}/reachable`);
      expect(judge(check, withUnknown(outcomesOf('3.199.0'), [`${store}/login`])).status).toBe('unknown');
    },
  );
});

describe('fixes and evidence', () => {
  it('explain only checks that exist', () => {
    const ids = new Set(all.map((check) => check.id));
    expect(
      all.flatMap((check) => check.explains.filter((id) => !ids.has(id)).map((id) => `${check.id} → ${id}`)),
    ).toEqual([]);
  });
});
