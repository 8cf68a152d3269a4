import type { HopResult, Look } from '../hop.ts';
import { hopReports } from '../judge.ts';
import type { Outcome } from '../outcome.ts';
import type { DuringReport } from './report.ts';
import { seriesOf } from './series.ts';
import type { Travelled } from './send-all.ts';
import { countsOf, hopTimes, longestGapMs } from './tally.ts';
import type { Trip } from './trip.ts';

/** The counts and times of a trip that came to its end. */
export function duringReport({ asked, delivery, watch }: Trip, travelled: Travelled): DuringReport {
  const { ledger, refusals } = delivery;
  const { startedMs, endedMs, drainMs, late, sight, command } = travelled;
  const couldLook = sight.hop !== null;
  const arrival = sight.hop ?? watch.lookers[0]?.hop ?? 'read';
  const ms = Math.round(endedMs - startedMs);
  return {
    ratePerSecond: asked.ratePerSecond,
    ms,
    drainMs,
    ...countsOf(ledger, late, couldLook),
    refusedRequests: refusals.total(),
    refusals: refusals.list(),
    unknownReason: couldLook ? null : sight.why,
    longestGapMs: longestGapMs(ledger, startedMs, endedMs),
    hops: hopTimes(ledger, arrival),
    series: seriesOf(ledger, startedMs, ms, couldLook),
    command,
  };
}

/** Answers of servers are quoted: a secret in them is cut out. */
export const redacted = (during: DuringReport, redact: (text: string) => string): DuringReport => ({
  ...during,
  refusals: during.refusals.map(({ detail, count }) => ({ detail: redact(detail), count })),
  unknownReason: during.unknownReason === null ? null : redact(during.unknownReason),
});

/** Many canaries as one: the hops of a report. @param read what the API gave back at the end */
export function duringOutcome(trip: Trip, during: DuringReport, read: Look): Outcome {
  const { era, projectId, startedMs, options } = trip.run;
  const hops = hopReports(resultsOf(trip, during, read), options.require);
  return { hops, ways: [], negative: [], probes: [], projectId, era, version: era.version, startedMs };
}

const notFollowed: Look = { state: 'skipped', detail: 'not looked at for each of many canaries' };

function resultsOf({ watch }: Trip, during: DuringReport, read: Look): HopResult[] {
  const hasStore = watch.lookers.some(({ hop }) => hop === 'store');
  const highest = (hop: string): number => during.hops.find((times) => times.hop === hop)?.p95Ms ?? 0;
  const arrived = arrivalLook(during);
  return [
    { hop: 'http', look: httpLook(during), ms: highest('http') },
    { hop: 'object', look: notFollowed, ms: 0 },
    { hop: 'queue', look: notFollowed, ms: 0 },
    { hop: 'store', look: hasStore ? arrived : notFollowed, ms: highest('store') },
    { hop: 'read', look: hasStore ? read : arrived, ms: highest('read') },
  ];
}

function httpLook({ sent, accepted, notAccepted, refusals }: DuringReport): Look {
  if (notAccepted === 0) return { state: 'seen', detail: `${accepted} of ${sent} accepted` };
  const [most] = refusals;
  const why = most === undefined ? '' : `: ${most.detail}`;
  return { state: 'failed', detail: `${notAccepted} of ${sent} were not accepted${why}` };
}

function arrivalLook({ accepted, lost, unknown, unknownReason }: DuringReport): Look {
  if (lost > 0) return { state: 'failed', detail: `${lost} of ${accepted} accepted ones are lost` };
  if (unknown > 0)
    return { state: 'unknown', detail: `${unknown} of ${accepted}: ${unknownReason ?? 'not looked for'}` };
  return { state: 'seen', detail: `${accepted} of ${accepted} arrived` };
}

/** A command that failed is a finding, whatever became of the canaries. */
export const commandFailed = ({ command }: DuringReport): boolean =>
  command !== null && command.exitCode !== 0;
