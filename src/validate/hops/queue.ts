import type { Hop, Look, Trail } from '../hop.ts';
import type { FoundJob, JobFinder } from '../jobs.ts';
import type { Station } from '../station.ts';

/** A job that is due and not taken for this long is not being worked on. */
const lateMs = 10_000;
/** Object there, and neither job nor row: the job is lost, or the row was dropped. */
const lostMs = 5000;

/**
 * Follows the jobs of a canary. Gone and its row there is success; gone without a row, failed, or waiting for longer
 * than its delay and ten seconds is not.
 */
export function queueHop(station: Station<JobFinder>): Hop {
  let lastSeenMs: number | null = null;
  return {
    name: 'queue',
    last: true,
    look: async (trail) => {
      if (station.state !== 'open') return station;
      const jobs = await station.port();
      if (jobs.length > 0) lastSeenMs = trail.sinceMs;
      return judge(jobs, lastSeenMs, trail);
    },
  };
}

function judge(jobs: readonly FoundJob[], lastSeenMs: number | null, { sinceMs, looks }: Trail): Look {
  const failed = jobs.find(({ state }) => state === 'failed');
  if (failed !== undefined) return { state: 'failed', detail: failedText(failed) };
  const arrived = looks.get('store')?.state === 'seen' || looks.get('read')?.state === 'seen';
  // The score has a job of its own, and comes later than the spans.
  if (arrived && jobs.length === 0)
    return {
      state: 'seen',
      detail: lastSeenMs === null ? 'done before the first look' : 'the jobs are done',
    };
  // A job that is being worked on is not late: its worker may be slow.
  const late = jobs.find(({ state, delayMs }) => state !== 'active' && sinceMs > delayMs + lateMs);
  if (late !== undefined) return { state: 'failed', detail: lateText(late, sinceMs) };
  const first = jobs[0];
  if (first !== undefined) return { state: 'waiting', detail: waitingText(jobs, first) };
  if (looks.get('object')?.state === 'seen' && sinceMs - (lastSeenMs ?? 0) > lostMs)
    return { state: 'failed', detail: 'the object is there, and neither a job nor a row is' };
  return { state: 'waiting', detail: 'no job to be seen' };
}

/** The one that was tried in vain says more than the others. */
function waitingText(jobs: readonly FoundJob[], first: FoundJob): string {
  const tried = jobs.find(({ reason }) => reason !== null);
  if (tried === undefined) return `${jobs.length} jobs, one ${first.state}`;
  return `job ${tried.id} of ${tried.queue} is ${tried.state}, tried ${tried.attempts} times, last: ${tried.reason ?? ''}`;
}

const failedText = ({ id, queue, reason }: FoundJob): string =>
  `job ${id} of ${queue} has failed: ${reason ?? 'without a reason'}`;

function lateText({ id, queue, state, attempts, reason }: FoundJob, sinceMs: number): string {
  const why = reason === null ? '' : `, last: ${reason}`;
  const tries = attempts === 0 ? 'no worker has taken it' : `tried ${attempts} times${why}`;
  return `job ${id} of ${queue} is ${state} after ${Math.round(sinceMs / 1000)} s: ${tries}`;
}
