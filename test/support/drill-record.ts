/** What the full matrix of drills has seen; scripts/docs.mjs makes docs/diagnosis.md of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { faults } from '../../src/sandbox/faults/index.gen.ts';
import { layoutGenerations } from '../../src/sandbox/layouts/index.ts';
import type { Drill } from './drill-plan.ts';
import { allDrills, deploymentName } from './drill-plan.ts';

/** The check that doctor put first in a drill; null when it found nothing. */
export interface DrillSeen extends Drill {
  readonly verdict: string | null;
  /** Where validate lost its canary, and when it said so. */
  readonly lost?: Lost;
}

/** As `http 2.4 s` in the record. */
interface Lost {
  readonly hop: string | null;
  readonly seconds: number;
}

const lostText = ({ hop, seconds }: Lost): string => `${hop ?? 'nowhere'} ${seconds.toFixed(1)} s`;

/** First verdict by fault and deployment. */
export type DrillRecord = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

/** What doctor said, and where validate lost its canaries. */
const files = { verdicts: 'test/drills/seen.json', lost: 'test/drills/lost.json' };

/** Puts new results in the place of earlier ones; those of drills that are no more go. */
export async function recordDrills(seen: readonly DrillSeen[]): Promise<void> {
  const drills = allDrills(faults, layoutGenerations);
  const lost = seen.flatMap((row) =>
    row.lost === undefined ? [] : [{ ...row, verdict: lostText(row.lost) }],
  );
  await merge(files.verdicts, seen, drills);
  await merge(files.lost, lost, drills);
}

async function merge(file: string, seen: readonly DrillSeen[], drills: readonly Drill[]): Promise<void> {
  const before = JSON.parse(await readFile(file, 'utf8')) as DrillRecord;
  await writeFile(file, `${JSON.stringify(mergeDrills(before, seen, drills), null, 2)}\n`);
}

/** The record with new results, in the order of the drills. */
export function mergeDrills(
  before: DrillRecord,
  seen: readonly DrillSeen[],
  drills: readonly Drill[],
): DrillRecord {
  const record: Record<string, Record<string, string | null>> = {};
  for (const drill of drills) {
    const name = deploymentName(drill);
    const fresh = seen.find((row) => row.fault === drill.fault && deploymentName(row) === name);
    const verdict = fresh === undefined ? before[drill.fault]?.[name] : fresh.verdict;
    if (verdict !== undefined) record[drill.fault] = { ...record[drill.fault], [name]: verdict };
  }
  return record;
}
