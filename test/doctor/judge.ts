import { checks } from '../../src/doctor/checks/index.gen.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import { evaluateCheck } from '../../src/doctor/engine/evaluate.ts';
import type { Outcomes } from '../../src/doctor/engine/types.ts';
import { anyCheck } from '../../src/doctor/engine/types.ts';
import { knownOf } from '../../src/doctor/subject.ts';
import type { FactsName } from './facts.ts';
import { outcomesOf, recordedAt } from './facts.ts';

/** The verdict of one check on these facts, of Langfuse 3.199.0. */
export function judge(id: string, outcomes: Outcomes): Verdict {
  return verdictOf(id, outcomes, outcomesOf('3.199.0'));
}

/** The verdict of one check on changed facts of that name, with what they say of version and mode. */
export function judgeOn(name: FactsName, id: string, outcomes: Outcomes): Verdict {
  return verdictOf(id, outcomes, new Map([...outcomesOf(name), ...outcomes]));
}

function verdictOf(id: string, outcomes: Outcomes, era: Outcomes): Verdict {
  const check = checks.map(anyCheck).find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return evaluateCheck(check, outcomes, knownOf(era, recordedAt).subject).verdict;
}

/** RFC 3339 of a moment before the recording. */
export const ago = (ms: number): string => new Date(recordedAt.getTime() - ms).toISOString();
