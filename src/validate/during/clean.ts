import { LfctlError } from '../../errors/error.ts';
import { canaryIds } from '../canary.ts';
import type { CanaryIds } from '../canary.ts';
import { canaryTraceId } from '../canary-id.ts';
import type { Broom } from '../clean/broom.ts';
import { cleanUp } from '../clean/clean.ts';
import { cleaningOf } from '../clean/cleaning.ts';
import type { Residue } from '../report.ts';
import { withPorts } from '../start.ts';
import type { Stations } from '../stations.ts';
import { closeStations, openStations } from '../stations.ts';
import { queuedBroom } from './queued.ts';
import type { ExportedFiles } from './raw-files.ts';
import { exportedFiles, tripFilesBroom } from './raw-files.ts';
import { entriesOf } from './tally.ts';
import type { Trip } from './trip.ts';

/** A worker writes what it has taken within a second (LANGFUSE_INGESTION_CLICKHOUSE_WRITE_INTERVAL_MS). */
const unsettledMs = 1600;

/** Removes all that a trip made, and counts what is left. */
export async function sweepTrip(trip: Trip, isSettled: boolean): Promise<Residue> {
  const { stations } = trip.run;
  const { residue, isBroken } = await sweepWith(trip, stations, isSettled);
  return isBroken ? ((await sweepAnew(trip, isSettled)) ?? residue) : residue;
}

/** A change may have cut the connections to a store, or moved it: it is looked for again. Null without an answer. */
async function sweepAnew(trip: Trip, isSettled: boolean): Promise<Residue | null> {
  const { options, deployment, era } = trip.run;
  try {
    return await withPorts(options, async (opened) => {
      const stations = await openStations(opened, options.settings, deployment, era);
      try {
        return (await sweepWith(trip, stations, isSettled)).residue;
      } finally {
        closeStations(stations);
      }
    });
  } catch (error) {
    if (error instanceof LfctlError) return null;
    throw error;
  }
}

interface Swept {
  readonly residue: Residue;
  /** A store that was open could not be asked. */
  readonly isBroken: boolean;
}

async function sweepWith(trip: Trip, stations: Stations, isSettled: boolean): Promise<Swept> {
  const { langfuse, era, options, projectId } = trip.run;
  const canaries = tracesOf(trip);
  const clock = options.cleanClock;
  const cleaning = cleaningOf({ langfuse, stations, era, clock, projectId, canaries, marks: [] });
  const brooms = manyBrooms(trip, stations, cleaning.brooms, canaries);
  const residue = await cleanUp({ ...cleaning, brooms }, canaries, isSettled ? 0 : unsettledMs);
  const isBroken = Object.keys(residue.unknown).some((store) => !(store in cleaning.closed));
  return { residue, isBroken };
}

/** Rows go by their traces as those of single canaries do; jobs and files are too many for that. */
function manyBrooms(
  { run, strays, files: named }: Trip,
  { redis, objects }: Stations,
  brooms: readonly Broom[],
  canaries: readonly CanaryIds[],
): Broom[] {
  const traces = new Set(canaries.map(({ traceId }) => traceId));
  const strayed = strays.range();
  const exported: ExportedFiles =
    objects.state === 'open'
      ? exportedFiles(objects.port.objects, objects.port.prefix, {
          projectId: run.projectId,
          traces,
          named,
          strayed,
        })
      : () => Promise.resolve(named);
  return brooms.map((broom) => {
    if (broom.store === 'queue' && redis.state === 'open') return queuedBroom(redis.port, traces, exported);
    if (broom.store === 'objects' && objects.state === 'open')
      return tripFilesBroom(objects.port.objects, objects.port.prefix, exported);
    return broom;
  });
}

/** The traces that hold the canaries. */
function tracesOf({ run, delivery }: Trip): CanaryIds[] {
  const { projectId } = run;
  const seconds = new Set([...entriesOf(delivery.ledger)].map(({ second }) => second));
  return [...seconds].map((second) => {
    const at = new Date(second * 1000);
    // The raw files of spans are among the marks, as the answers named them.
    return { ...canaryIds(projectId, canaryTraceId(projectId, at), at), exported: null };
  });
}
