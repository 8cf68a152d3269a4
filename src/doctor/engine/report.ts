import type { CheckResult, CheckStatus, DoctorReport } from '../report.ts';
import { diagnose } from './diagnose.ts';
import type { Subject } from './evaluate.ts';
import { evaluateCheck, toResults } from './evaluate.ts';
import type { AnyCheck, Outcomes } from './types.ts';

export interface Judgement {
  /** Failing warnings count as findings, and what is not configured as unknown. */
  readonly strict: boolean;
  /** Areas that must have been looked at. */
  readonly require: readonly string[];
}

/** Judges collected facts. Pure: the same facts give the same report, online or from a bundle. */
export function judgeFacts(
  checks: readonly AnyCheck[],
  selected: readonly AnyCheck[],
  outcomes: Outcomes,
  subject: Subject,
  judgement: Judgement,
): Omit<DoctorReport, 'ms'> {
  const evaluated = selected.map((check) => evaluateCheck(check, outcomes, subject));
  const results = toResults(evaluated);
  return {
    verdict: verdictOf(results, judgement),
    causes: diagnose(evaluated, checks),
    checks: results,
    counts: countStatuses(results),
  };
}

function verdictOf(results: readonly CheckResult[], { strict, require }: Judgement): DoctorReport['verdict'] {
  const grave = (result: CheckResult): boolean =>
    strict || result.severity === 'critical' || result.severity === 'error';
  if (results.some((result) => result.status === 'fail' && grave(result))) return 'findings';
  const open = (result: CheckResult): boolean =>
    result.status === 'unknown' ||
    result.status === 'blocked' ||
    (result.status === 'skipped' &&
      (strict || require.includes(result.area)) &&
      (result.reason ?? '').startsWith('not configured'));
  return results.some(open) ? 'incomplete' : 'healthy';
}

function countStatuses(results: readonly CheckResult[]): Record<CheckStatus, number> {
  const counts: Record<CheckStatus, number> = {
    ok: 0,
    fail: 0,
    unknown: 0,
    blocked: 0,
    skipped: 0,
    muted: 0,
  };
  for (const result of results) counts[result.status] += 1;
  return counts;
}
