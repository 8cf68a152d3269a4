import type { HopName, HopResult, Look } from './hop.ts';
import { hopNames } from './hop.ts';
import type { ExitName } from '../errors/exit.ts';
import type { HopReport, HopStatus, NegativeReport, Residue, ValidateVerdict, WayReport } from './report.ts';

/** `http` and `read` always; the others where there is such a hop and its store is configured, or by --require. */
function requiredHop(hop: HopName, look: Look | undefined, asked: readonly string[]): boolean {
  if (look?.state === 'skipped' && look.none === true) return false;
  return (
    hop === 'http' ||
    hop === 'read' ||
    asked.includes(hop) ||
    (look !== undefined && look.state !== 'skipped')
  );
}

/** One way's hops in order; what was never looked at, because an earlier hop failed, is unknown. */
export function hopReports(results: readonly HopResult[], asked: readonly string[]): HopReport[] {
  return hopNames.map((hop) => {
    const result = results.find((one) => one.hop === hop);
    const required = requiredHop(hop, result?.look, asked);
    if (result === undefined) return { hop, status: 'unknown', required, ms: 0, detail: 'not reached' };
    return {
      hop,
      status: statusOf(result.look, required),
      required,
      ms: result.ms,
      detail: result.look.detail,
    };
  });
}

/** What is still waited for when time is over has failed. */
function statusOf({ state }: Look, required: boolean): HopStatus {
  switch (state) {
    case 'seen':
      return 'ok';
    case 'failed':
    case 'waiting':
      return 'fail';
    case 'unknown':
      return 'unknown';
    case 'skipped':
      return required ? 'unknown' : 'skipped';
  }
}

const worstFirst: readonly HopStatus[] = ['fail', 'unknown', 'ok', 'skipped'];

/** All ways together: the worst status with its detail, the longest time. */
export function together(ways: readonly WayReport[]): HopReport[] {
  return hopNames.flatMap((hop) => {
    const all = ways
      .map(({ hops }) => hops.find((one) => one.hop === hop))
      .filter((one) => one !== undefined);
    const [worst] = all.toSorted((a, b) => worstFirst.indexOf(a.status) - worstFirst.indexOf(b.status));
    return worst === undefined ? [] : [{ ...worst, ms: Math.max(...all.map(({ ms }) => ms)) }];
  });
}

/** The first required hop that failed; a hop behind it that is merely not reached does not count. */
export function firstFailed(hops: readonly HopReport[]): HopReport | null {
  return hops.find(({ status, required }) => required && status === 'fail') ?? null;
}

/** A request of which it is not known whether it is refused leaves the verdict open, as a hop does. */
export function verdictOf(
  hops: readonly HopReport[],
  negative: readonly Pick<NegativeReport, 'status'>[],
): ValidateVerdict {
  if (firstFailed(hops) !== null || negative.some(({ status }) => status === 'fail')) return 'findings';
  const open = [...hops.filter(({ required }) => required), ...negative];
  return open.some(({ status }) => status === 'unknown') ? 'incomplete' : 'ok';
}

export function validateExit(verdict: ValidateVerdict): ExitName {
  switch (verdict) {
    case 'ok':
      return 'ok';
    case 'findings':
      return 'findings';
    case 'incomplete':
      return 'incomplete';
  }
}

/** What is left, or not known to be gone, is no success of a clean-up. */
export function residueExit({ total, unknown }: Residue): ExitName {
  if (total > 0) return 'findings';
  return Object.keys(unknown).length > 0 ? 'incomplete' : 'ok';
}
