import { cleanOrTell } from '../clean/last-words.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { duringLock } from '../clean/under-way.ts';
import { refusedOutcome, reportOf, withoutSecrets } from '../outcome.ts';
import type { Residue, ValidateReport } from '../report.ts';
import type { Run, ValidateOptions } from '../start.ts';
import { tryLock } from '../seconds.ts';
import { closeRun, start, withPorts } from '../start.ts';
import { sweepTrip } from './clean.ts';
import { commandFailed, duringOutcome, duringReport, redacted } from './outcome.ts';
import { readBack } from './read-back.ts';
import { sendAll } from './send-all.ts';
import type { DuringOptions, Trip } from './trip.ts';
import { openTrip } from './trip.ts';

/**
 * Sends canaries while a command runs or for a time, judges, and removes them. Where web does not answer before the
 * command, it is not started. @throws LfctlError where there is nothing to send to
 */
export async function runDuring(options: ValidateOptions, asked: DuringOptions): Promise<ValidateReport> {
  return await withPorts(options, async (opened) => {
    const run = await start(options, opened);
    if ('refusal' in run) {
      const report = await reportOf(options, withoutSecrets(refusedOutcome(options, run), run.redact));
      return asked.command === null ? report : { ...report, notes: [...report.notes, notStarted] };
    }
    const lock = await lockTraces(run);
    try {
      return await sendAndClean(run, asked);
    } finally {
      await lock?.release();
      closeRun(run);
    }
  });
}

/** Tells `--clean` of another that the traces are in use; it ends with the run, however that ends. */
async function lockTraces({ stations: { postgres }, projectId }: Run): Promise<HeldLock | null> {
  if (postgres.state !== 'open') return null;
  const lock = await tryLock(postgres.port, duringLock(projectId));
  return lock?.held === true ? lock : null;
}

type HeldLock = Extract<NonNullable<Awaited<ReturnType<typeof tryLock>>>, { readonly held: true }>;

const notStarted = 'the command was not started';

async function sendAndClean(run: Run, asked: DuringOptions): Promise<ValidateReport> {
  const trip = openTrip(run, asked);
  try {
    const report = await judged(trip);
    return { ...report, residue: await swept(trip, report.verdict === 'ok') };
  } catch (error) {
    // Ctrl-C, or a bug: the canaries go all the same, as far as there is time.
    await Promise.race([Promise.allSettled(trip.open), pause(lastAnswersMs)]);
    await cleanOrTell(async () => await swept(trip, false), run.options.onNote);
    throw error;
  }
}

/** After Ctrl-C: what is on its way would otherwise arrive behind the broom. */
const lastAnswersMs = 1000;

async function judged(trip: Trip): Promise<Omit<ValidateReport, 'residue'>> {
  const { options, redact } = trip.run;
  const travelled = await sendAll(trip);
  const during = redacted(duringReport(trip, travelled), redact);
  const outcome = withoutSecrets(duringOutcome(trip, during, await readBack(trip)), redact);
  const report = await reportOf(options, outcome);
  return { ...report, verdict: commandFailed(during) ? 'findings' : report.verdict, during };
}

async function swept(trip: Trip, isSettled: boolean): Promise<Residue> {
  trip.run.options.onProgress('removing the canaries');
  return await sweepTrip(trip, isSettled);
}
