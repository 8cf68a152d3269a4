/** Each fault of one deployment: break it, lfctl names it first, mend it, lfctl finds nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../src/deployment/model.ts';
import type { DoctorReport } from '../../src/doctor/report.ts';
import type { CleanReport, ValidateReport } from '../../src/validate/report.ts';
import type { Fault, LayoutName } from '../../src/sandbox/fault.ts';
import { faults as generated } from '../../src/sandbox/faults/index.gen.ts';
import { layoutGenerations } from '../../src/sandbox/layouts/index.ts';
import { allDrills, ciDrills } from '../support/drill-plan.ts';
import type { DrillSeen } from '../support/drill-record.ts';
import { recordDrills } from '../support/drill-record.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';

const faults: readonly Fault[] = generated;
/** `DRILLS=all`: what CI leaves out too, and what was seen goes into the record behind docs/diagnosis.md. */
const isFull = process.env['DRILLS'] === 'all';
/** Some faults only: `DRILL=redis-down,s3-down`, wherever they make sense. */
const wanted = process.env['DRILL']?.split(',');

function faultsFor(generation: Generation, layout: LayoutName): Fault[] {
  const every = allDrills(faults, layoutGenerations);
  const planned = isFull || wanted !== undefined ? every : ciDrills(every);
  const names = planned
    .filter((drill) => drill.generation === generation && drill.layout === layout)
    .map(({ fault }) => fault);
  return faults.filter(({ name }) => names.includes(name) && (wanted?.includes(name) ?? true));
}

/** Most of a drill is waiting for pods; four calls of lfctl with limits of their own. */
const drillTimeoutMs = 300_000;

interface Diagnosis {
  readonly code: number | null;
  readonly report: DoctorReport;
}

async function diagnose(practice: Practice): Promise<Diagnosis> {
  const { code, stdout, stderr } = await practice.lfctl(['doctor', '--timeout', '30s', '-o', 'json']);
  if (stdout === '') throw new Error(`doctor ended with ${String(code)}: ${stderr}`);
  return { code, report: (JSON.parse(stdout) as { data: DoctorReport }).data };
}

/** What validate says while the fault is there. */
async function validated(
  practice: Practice,
): Promise<{ readonly code: number | null; readonly report: ValidateReport }> {
  const { code, stdout, stderr } = await practice.lfctl(['validate', '--timeout', '40s', '-o', 'json']);
  if (stdout === '') throw new Error(`validate ended with ${String(code)}: ${stderr}`);
  return { code, report: (JSON.parse(stdout) as { data: ValidateReport }).data };
}

type Validated = Awaited<ReturnType<typeof validated>>;

/** The hop of the fault, with its cause. */
function expectLost(fault: Fault, { code, report }: Validated): void {
  const { firstFailure, hops } = report;
  expect(firstFailure, JSON.stringify(hops)).toMatchObject({ hop: fault.losesAt, cause: fault.firstVerdict });
  expect(code).toBe(1);
}

/** What could not be removed while a store was broken is removed now. */
async function expectNothingLeft(practice: Practice): Promise<void> {
  const { stdout, stderr } = await practice.lfctl(['validate', '--clean', '-o', 'json']);
  const { residue } = (JSON.parse(stdout) as { data: CleanReport }).data;
  expect(residue, stderr).toMatchObject({ total: 0 });
  expect(residue.unknown).toEqual({});
}

const found = ({ report }: Diagnosis): string[] =>
  report.causes.map((cause) => `${cause.id}: ${cause.detail}`);

/** What the layout itself brings along, as the official chart its inert variables, is told as `info` and stays. */
const beyondInfo = ({ report }: Diagnosis): string[] =>
  report.causes.filter(({ severity }) => severity !== 'info').map(({ id, detail }) => `${id}: ${detail}`);

/** A drill for the record. */
function rowOf({ report }: Diagnosis, lost: Validated | null): Pick<DrillSeen, 'verdict' | 'lost'> {
  const verdict = report.causes[0]?.id ?? null;
  if (lost === null) return { verdict };
  const { firstFailure, ms } = lost.report;
  return { verdict, lost: { hop: firstFailure?.hop ?? null, seconds: ms / 1000 } };
}

function expectHealthy(diagnosis: Diagnosis, before: readonly string[]): void {
  expect(beyondInfo(diagnosis)).toEqual([]);
  expect(found(diagnosis)).toEqual(before);
  const unsure = diagnosis.report.checks.filter(({ status }) => status === 'unknown' || status === 'blocked');
  expect(unsure).toEqual([]);
  expect(diagnosis.code).toBe(0);
}

function expectFirst(fault: Fault, diagnosis: Diagnosis): void {
  const [first] = diagnosis.report.causes;
  expect(first?.id, found(diagnosis).join('\n')).toBe(fault.firstVerdict);
  expect(diagnosis.code).toBe(fault.expects === 'findings' ? 1 : 0);
  expect(first?.evidence.length).toBeGreaterThan(0);
  expect(first?.fix.length).toBeGreaterThan(0);
}

/** Declares the drills of one deployment; they share a sandbox. */
export function drillOn(generation: Generation, layout: LayoutName): void {
  const drilled = faultsFor(generation, layout);
  const seen: DrillSeen[] = [];
  let practice: Practice;
  let before: string[] = [];

  async function sandbox(verb: 'break' | 'mend', fault: string): Promise<void> {
    const { code, stderr } = await practice.lfctl(['sandbox', verb, fault, '--name', practice.name]);
    expect(code, `sandbox ${verb}: ${stderr}`).toBe(0);
  }

  /** What doctor says of it; mended also where that fails, so that the next drill finds all well. */
  async function broken({ name, losesAt }: Fault): Promise<{ during: Diagnosis; lost: Validated | null }> {
    try {
      await sandbox('break', name);
      const during = await diagnose(practice);
      const lost = losesAt === undefined ? null : await validated(practice);
      seen.push({ fault: name, generation, layout, ...rowOf(during, lost) });
      return { during, lost };
    } catch (error) {
      await sandbox('mend', name);
      throw error;
    }
  }

  describe.skipIf(drilled.length === 0)(`drills on Langfuse ${generation}, layout ${layout}`, () => {
    beforeAll(async () => {
      practice = await startPractice(`drill-${generation}-${layout}`, { generation, layout });
    });

    afterAll(async () => {
      await practice.stop();
      if (isFull) await recordDrills(seen);
    });

    it('begins healthy', async () => {
      const first = await diagnose(practice);
      before = found(first);
      expectHealthy(first, before);
    });

    it.each(drilled.map((fault) => [fault.name, fault] as const))(
      '%s',
      async (name, fault) => {
        const { during, lost } = await broken(fault);
        await sandbox('mend', name);
        if (lost !== null) await expectNothingLeft(practice);
        const after = await diagnose(practice);
        expectFirst(fault, during);
        if (lost !== null) expectLost(fault, lost);
        expectHealthy(after, before);
      },
      drillTimeoutMs,
    );
  });
}
