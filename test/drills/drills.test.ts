/** Each fault once: break it, lfctl names it first, mend it, lfctl finds nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../src/doctor/report.ts';
import { faults } from '../../src/sandbox/faults/index.gen.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';

const wanted = process.env['DRILL']?.split(',');
const drilled = faults.filter(
  (fault) =>
    (fault.generations as readonly number[]).includes(3) &&
    (fault.layouts as readonly string[]).includes('runbook') &&
    (wanted === undefined || wanted.includes(fault.name)),
);

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice('drill');
});

afterAll(async () => {
  await practice.stop();
});

interface Diagnosis {
  readonly code: number | null;
  readonly report: DoctorReport;
}

async function diagnose(): Promise<Diagnosis> {
  const { code, stdout, stderr } = await practice.lfctl(['doctor', '-o', 'json']);
  if (stdout === '') throw new Error(`doctor ended with ${String(code)}: ${stderr}`);
  return { code, report: (JSON.parse(stdout) as { data: DoctorReport }).data };
}

const found = ({ report }: Diagnosis): string[] =>
  report.causes.map((cause) => `${cause.id}: ${cause.detail}`);

describe('drills on Langfuse 3, layout runbook', () => {
  it('begins healthy', async () => {
    const before = await diagnose();
    expect(found(before)).toEqual([]);
    expect(before.code).toBe(0);
  });

  it.each(drilled.map((fault) => [fault.name, fault] as const))('%s', async (name, fault) => {
    const broken = await practice.lfctl(['sandbox', 'break', name, '--name', practice.name]);
    expect(broken.code, broken.stderr).toBe(0);
    const during = await diagnose();
    const mended = await practice.lfctl(['sandbox', 'mend', name, '--name', practice.name]);
    expect(mended.code, mended.stderr).toBe(0);
    const after = await diagnose();

    expect(during.report.causes[0]?.id, found(during).join('\n')).toBe(fault.firstVerdict);
    expect(during.code).toBe(fault.expects === 'findings' ? 1 : 0);
    expect(during.report.causes[0]?.evidence.length).toBeGreaterThan(0);
    expect(during.report.causes[0]?.fix.length).toBeGreaterThan(0);
    expect(found(after)).toEqual([]);
    expect(
      after.report.checks.filter((check) => check.status === 'unknown' || check.status === 'blocked'),
    ).toEqual([]);
    expect(after.code).toBe(0);
  });
});

describe('the list of faults', () => {
  it('has one for each check of the list', async () => {
    const { checks } = await import('../../src/doctor/checks/index.gen.ts');
    const drills = new Set<string>(faults.map((fault) => fault.firstVerdict));
    expect(checks.map((check) => check.id).filter((id) => !drills.has(id))).toEqual([]);
  });
});
