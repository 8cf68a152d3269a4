/** Each fault of one deployment: break it, lfctl names it first, mend it, lfctl finds nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../src/deployment/model.ts';
import type { DoctorReport } from '../../src/doctor/report.ts';
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

const found = ({ report }: Diagnosis): string[] =>
  report.causes.map((cause) => `${cause.id}: ${cause.detail}`);

/** What the layout itself brings along, as the official chart its inert variables, is told as `info` and stays. */
const beyondInfo = ({ report }: Diagnosis): string[] =>
  report.causes.filter(({ severity }) => severity !== 'info').map(({ id, detail }) => `${id}: ${detail}`);

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
  async function broken(fault: string): Promise<Diagnosis> {
    try {
      await sandbox('break', fault);
      const during = await diagnose(practice);
      seen.push({ fault, generation, layout, verdict: during.report.causes[0]?.id ?? null });
      return during;
    } catch (error) {
      await sandbox('mend', fault);
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
        const during = await broken(name);
        await sandbox('mend', name);
        const after = await diagnose(practice);
        expectFirst(fault, during);
        expectHealthy(after, before);
      },
      drillTimeoutMs,
    );
  });
}
