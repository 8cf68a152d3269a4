import type { Entry, Ledger } from './ledger.ts';
import type { DuringReport, HopTimes } from './report.ts';

type Counts = Pick<
  DuringReport,
  'sent' | 'late' | 'accepted' | 'notAccepted' | 'arrived' | 'lost' | 'unknown' | 'duplicated'
>;

export const isAccepted = ({ acceptedMs }: Entry): boolean => !Number.isNaN(acceptedMs);
export const isThere = ({ seenMs }: Entry): boolean => !Number.isNaN(seenMs);

/** All canaries in the order of their sending. */
export function* entriesOf(ledger: Ledger): Generator<Entry> {
  for (let index = 0; index < ledger.size(); index += 1) yield ledger.at(index);
}

/** @param couldLook whether anything answered at the end: what was not seen is lost then, else unknown */
export function countsOf(ledger: Ledger, late: number, couldLook: boolean): Counts {
  const counts = { accepted: 0, notAccepted: 0, arrived: 0, missing: 0, duplicated: 0 };
  for (const entry of entriesOf(ledger)) {
    if (isAccepted(entry)) counts.accepted += 1;
    else counts.notAccepted += 1;
    if (isThere(entry)) counts.arrived += 1;
    else if (isAccepted(entry)) counts.missing += 1;
    if (entry.rows > 1) counts.duplicated += 1;
  }
  const { missing, ...rest } = counts;
  return {
    sent: ledger.size(),
    late,
    ...rest,
    lost: couldLook ? missing : 0,
    unknown: couldLook ? 0 : missing,
  };
}

/** The longest time between two acceptances, or to the ends of sending. */
export function longestGapMs(ledger: Ledger, startedMs: number, endedMs: number): number {
  const times = [...entriesOf(ledger)].filter(isAccepted).map(({ acceptedMs }) => acceptedMs);
  const moments = Float64Array.from([startedMs, ...times.filter((at) => at < endedMs), endedMs]).sort();
  let longest = 0;
  for (let index = 1; index < moments.length; index += 1)
    longest = Math.max(longest, (moments[index] ?? 0) - (moments[index - 1] ?? 0));
  return Math.round(longest);
}

/** From the moment that a canary was due: a server that holds up the next one cannot hide it. */
export function hopTimes(ledger: Ledger, arrival: 'store' | 'read'): HopTimes[] {
  const accepted: number[] = [];
  const seen: number[] = [];
  for (const entry of entriesOf(ledger)) {
    if (isAccepted(entry)) accepted.push(entry.acceptedMs - entry.plannedMs);
    if (isThere(entry)) seen.push(entry.seenMs - entry.plannedMs);
  }
  return [timesOf('http', accepted), timesOf(arrival, seen)].filter((times) => times !== null);
}

function timesOf(hop: HopTimes['hop'], values: readonly number[]): HopTimes | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => Math.round(percentile(sorted, share));
  return { hop, count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) };
}

/** The smallest value that is not below the share of all (nearest rank). */
export function percentile(sorted: Float64Array, share: number): number {
  const rank = Math.max(1, Math.ceil(sorted.length * share));
  return sorted[rank - 1] ?? 0;
}
