import type { Severity } from '../check.ts';
import type { Cause } from '../report.ts';
import type { AnyCheck } from './types.ts';
import type { Evaluated } from './evaluate.ts';

type Failure = Evaluated & { readonly verdict: { readonly status: 'fail' } & Evaluated['verdict'] };

const weight: Readonly<Record<Severity, number>> = { critical: 3, error: 2, warning: 1, info: 0 };

const isFailure = (one: Evaluated): one is Failure => one.verdict.status === 'fail';

const severityOf = (one: Failure): Severity => one.verdict.severity ?? one.check.severity;

/**
 * Ranks failing checks. What another failing check explains is folded under it; the rest are causes, ordered by
 * the worst they account for, then by how much they explain, then by confidence.
 */
export function diagnose(evaluated: readonly Evaluated[], checks: readonly AnyCheck[]): Cause[] {
  const failures = evaluated.filter(isFailure).toSorted((left, right) => rank(right) - rank(left));
  const reach = new Map(failures.map((one) => [one.check.id, closure(one.check.id, checks)]));
  const explains = (one: Failure, other: Failure): boolean =>
    reach.get(one.check.id)?.has(other.check.id) === true;
  const taken = new Set<string>();
  const causes: { readonly cause: Cause; readonly score: number }[] = [];
  for (const failure of failures) {
    const parents = failures.filter((other) => other !== failure && explains(other, failure));
    // Two that explain each other: the higher ranked one, which comes first here, is the cause.
    const explained = parents.some((parent) => !explains(failure, parent) || taken.has(parent.check.id));
    if (explained) continue;
    taken.add(failure.check.id);
    const folded = failures.filter((other) => other !== failure && explains(failure, other));
    causes.push({ cause: toCause(failure, folded), score: score(failure, folded) });
  }
  return causes.toSorted((left, right) => right.score - left.score).map(({ cause }) => cause);
}

function rank(one: Failure): number {
  return weight[severityOf(one)] * 10 + (one.verdict.confidence ?? 1);
}

function score(failure: Failure, folded: readonly Failure[]): number {
  const worst = Math.max(...[failure, ...folded].map((one) => weight[severityOf(one)]));
  return (
    worst * 10_000 +
    weight[severityOf(failure)] * 1000 +
    folded.length * 10 +
    (failure.verdict.confidence ?? 1)
  );
}

/** All checks that a failure of this one could explain, through others. */
function closure(id: string, checks: readonly AnyCheck[]): ReadonlySet<string> {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const next of byId.get(from)?.explains ?? []) {
      if (next === id || reached.has(next)) continue;
      reached.add(next);
      visit(next);
    }
  };
  visit(id);
  return reached;
}

function toCause(failure: Failure, folded: readonly Failure[]): Cause {
  const { check, verdict } = failure;
  return {
    id: check.id,
    title: check.title,
    severity: severityOf(failure),
    confidence: verdict.confidence ?? 1,
    detail: verdict.detail,
    evidence: verdict.evidence,
    fix: verdict.fix,
    explains: folded.map((one) => one.check.id),
    ...(verdict.since === undefined ? {} : { since: verdict.since }),
  };
}
