import { checks } from '../../src/doctor/checks/index.gen.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { Subject } from '../../src/doctor/engine/evaluate.ts';
import { evaluateCheck } from '../../src/doctor/engine/evaluate.ts';
import type { Outcomes } from '../../src/doctor/engine/types.ts';
import { anyCheck } from '../../src/doctor/engine/types.ts';
import { recordedAt } from './facts.ts';

/** The verdict of one check on these facts. */
export function judge(id: string, outcomes: Outcomes, more: Partial<Subject> = {}): Verdict {
  const check = checks.map(anyCheck).find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  const subject = {
    generation: 3,
    mode: 'clickhouse',
    version: '3.199.0',
    now: recordedAt,
    ...more,
  } as const;
  return evaluateCheck(check, outcomes, subject).verdict;
}

/** RFC 3339 of a moment before the recording. */
export const ago = (ms: number): string => new Date(recordedAt.getTime() - ms).toISOString();
