import { satisfies } from 'semver';
import type { Verdict } from '../check.ts';
import type { Outcome } from '../fact.ts';
import type { CheckResult } from '../report.ts';
import type { AnyCheck, AnySeen, Outcomes } from './types.ts';

/** What is known of the deployment as a whole, for `appliesTo`. */
export type Subject = Pick<AnySeen, 'generation' | 'mode' | 'version' | 'now'>;

/** A check with its verdict; `blockers` are the checks that may account for a missing fact. */
export interface Evaluated {
  readonly check: AnyCheck;
  readonly verdict: Verdict;
  readonly blockers: readonly string[];
  readonly ms: number;
}

export function evaluateCheck(check: AnyCheck, outcomes: Outcomes, subject: Subject): Evaluated {
  const ms = Math.max(0, ...[...check.uses, ...(check.sees ?? [])].map((id) => outcomes.get(id)?.ms ?? 0));
  const reason = notApplicable(check, subject);
  if (reason !== null) return { check, verdict: { status: 'skipped', reason }, blockers: [], ms };
  const facts: Record<string, unknown> = {};
  for (const id of check.uses) {
    const outcome = outcomes.get(id);
    if (outcome?.status === 'known') facts[id] = outcome.value;
    else return { check, ...withoutFact(id, outcome), ms };
  }
  const seen = Object.fromEntries((check.sees ?? []).map((id) => [id, outcomes.get(id) ?? missing(id)]));
  const verdict = judge(check, { facts, outcomes: seen, ...subject });
  const blockers = verdict.status === 'unknown' ? (verdict.blockers ?? []) : [];
  return { check, verdict, blockers, ms };
}

/** A check that throws is a fault of lfctl: it must not take the report with it, and must not pass. */
function judge(check: AnyCheck, seen: AnySeen): Verdict {
  try {
    return check.evaluate(seen);
  } catch (error) {
    return { status: 'unknown', reason: `a fault of lfctl in ${check.id}: ${String(error)}` };
  }
}

function missing(id: string): Outcome<unknown> {
  return { status: 'unknown', code: 'BUG', reason: `${id} was not collected`, ms: 0 };
}

function withoutFact(
  id: string,
  outcome: Outcome<unknown> | undefined,
): Pick<Evaluated, 'verdict' | 'blockers'> {
  const known = outcome ?? missing(id);
  if (known.status !== 'unknown')
    return {
      verdict: { status: 'skipped', reason: known.status === 'skipped' ? known.reason : '' },
      blockers: [],
    };
  const { port } = known;
  const blockers = port === undefined || port === 'kube' ? [] : blockersOf(port, known.code);
  return { verdict: { status: 'unknown', reason: known.reason }, blockers };
}

function blockersOf(port: string, code: string): string[] {
  const both = [`${port}/reachable`, `${port}/auth`];
  return code.endsWith('_AUTH') ? both.toReversed() : both;
}

function notApplicable(check: AnyCheck, subject: Subject): string | null {
  const { generations, versions, modes } = check.appliesTo ?? {};
  const { generation, mode, version } = subject;
  if (generations !== undefined && generation !== null && !generations.includes(generation))
    return `does not apply to Langfuse ${generation}`;
  if (modes !== undefined && mode !== null && !modes.includes(mode)) return `does not apply in mode ${mode}`;
  if (versions === undefined) return null;
  if (version === null) return `the version is not known; it holds for ${versions}`;
  return satisfies(version, versions, { includePrerelease: true })
    ? null
    : `version ${version} is not ${versions}`;
}

/** Turns verdicts into report rows: unknown becomes blocked where the check behind it is itself not ok. */
export function toResults(evaluated: readonly Evaluated[]): CheckResult[] {
  const status = new Map(evaluated.map(({ check, verdict }) => [check.id, verdict.status]));
  return evaluated.map(({ check, verdict, blockers, ms }) => {
    const { id, area, title } = check;
    const severity = verdict.status === 'fail' ? (verdict.severity ?? check.severity) : check.severity;
    const row = { id, area, title, severity, ms };
    switch (verdict.status) {
      case 'ok':
        return { ...row, status: 'ok', ...(verdict.detail === undefined ? {} : { detail: verdict.detail }) };
      case 'fail':
        return { ...row, status: 'fail', detail: verdict.detail };
      case 'skipped':
        return { ...row, status: 'skipped', reason: verdict.reason };
      case 'unknown': {
        const order: readonly (string | undefined)[] = ['fail', 'unknown'];
        const blockedBy = order.flatMap((wanted) =>
          blockers.filter((one) => one !== id && status.get(one) === wanted),
        )[0];
        return blockedBy === undefined
          ? { ...row, status: 'unknown', reason: verdict.reason }
          : { ...row, status: 'blocked', reason: verdict.reason, blockedBy };
      }
    }
  });
}
