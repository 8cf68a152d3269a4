import { expect } from 'vitest';
import type { DoctorReport } from '../../src/doctor/report.ts';
import { problemsOf } from '../cli/schemas.ts';
import type { Ended, Practice } from './practice.ts';

export interface Diagnosis {
  readonly code: number | null;
  readonly report: DoctorReport;
}

/** Runs doctor, holds its document to the schema and gives the report. */
export async function diagnose(
  practice: Practice,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Diagnosis> {
  const ended = await practice.lfctl(['doctor', '-o', 'json', ...args], env);
  expect(ended.stdout, `${String(ended.code)}: ${ended.stderr}`).not.toBe('');
  expectNoStack(ended);
  const document: unknown = JSON.parse(ended.stdout);
  expect(await problemsOf(document)).toBeNull();
  return { code: ended.code, report: (document as { data: DoctorReport }).data };
}

/** `redis/reachable fail`, `postgres/auth blocked`: what is not ok of all that applies to this version. */
export function notOk({ report }: Diagnosis): string[] {
  return report.checks
    .filter(({ status, reason }) => status !== 'ok' && reason?.startsWith('does not apply') !== true)
    .map(({ id, status }) => `${id} ${status}`);
}

export function statusOf({ report }: Diagnosis, id: string): string {
  const check = report.checks.find((one) => one.id === id);
  return check === undefined ? 'absent' : check.status;
}

/** One clear message: something is said, and no stack. */
export function expectNoStack({ stdout, stderr }: Ended): void {
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at \S+ \(|\n\s+at file:/);
  expect(`${stdout}${stderr}`).not.toContain('a fault of lfctl');
}
