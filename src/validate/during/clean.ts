import { canaryIds } from '../canary.ts';
import type { CanaryIds } from '../canary.ts';
import { canaryTraceId } from '../canary-id.ts';
import { cleanUp } from '../clean/clean.ts';
import { cleaningOf } from '../clean/cleaning.ts';
import type { Residue } from '../report.ts';
import { entriesOf } from './tally.ts';
import type { Trip } from './trip.ts';

/** A worker writes what it has taken within a second (LANGFUSE_INGESTION_CLICKHOUSE_WRITE_INTERVAL_MS). */
const unsettledMs = 1600;

/** Removes all that a trip made, and counts what is left. */
export async function sweepTrip(trip: Trip, isSettled: boolean): Promise<Residue> {
  const { run, files } = trip;
  const { langfuse, stations, era, options } = run;
  const canaries = tracesOf(trip);
  const sweep = { langfuse, stations, era, clock: options.cleanClock, canaries, marks: [...files] };
  return await cleanUp(cleaningOf(sweep), canaries, isSettled ? 0 : unsettledMs);
}

/** The traces that hold the canaries. */
function tracesOf({ run, delivery }: Trip): CanaryIds[] {
  const { projectId } = run;
  const seconds = new Set([...entriesOf(delivery.ledger)].map(({ second }) => second));
  return [...seconds].map((second) => {
    const at = new Date(second * 1000);
    return canaryIds(projectId, canaryTraceId(projectId, at), at);
  });
}
