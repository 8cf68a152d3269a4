import { deliver } from './deliver.ts';
import { runCommand } from './command.ts';
import { windowMs } from './ids.ts';
import { keepPace } from './pace.ts';
import type { CommandEnd } from './report.ts';
import type { Trip } from './trip.ts';
import { isAllThere, keepLooking, lookOnce } from './watch.ts';
import type { Sight } from './watch.ts';

/** When all was sent and looked for. Times are by the clock. */
export interface Travelled {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly drainMs: number;
  readonly late: number;
  readonly sight: Sight;
  readonly command: CommandEnd | null;
}

/** More unfinished ones than a minute brings are not begun: memory has an end, and they would all be refused. */
const mostOpenSeconds = 60;
/** A canary that begins so much after its time was late. */
const lateMs = 250;

interface Progress {
  lastAcceptedMs: number;
  endedMs: number | null;
  command: CommandEnd | null;
  late: number;
  failure: { readonly error: unknown } | null;
}

/** Sends at the rate while the command runs, looks for all of them meanwhile, and waits for the last. */
export async function sendAll(trip: Trip): Promise<Travelled> {
  const { clock } = trip.watch;
  const startedMs = clock.elapsed();
  const progress: Progress = {
    lastAcceptedMs: startedMs,
    endedMs: null,
    command: null,
    late: 0,
    failure: null,
  };
  const [, sight] = await Promise.all([
    sendAtRate(trip, progress),
    keepLooking(trip.watch, () => {
      say(trip, progress);
      return isDrained(trip, progress);
    }),
    runBeside(trip, progress),
  ]);
  if (progress.failure !== null) throw progress.failure.error;
  const endedMs = progress.endedMs ?? clock.elapsed();
  const last = await lastSight(trip, sight);
  const drainMs = Math.round(clock.elapsed() - endedMs);
  return { startedMs, endedMs, drainMs, late: progress.late, sight: last, command: progress.command };
}

async function sendAtRate(trip: Trip, progress: Progress): Promise<void> {
  const { asked, watch } = trip;
  const { clock } = watch;
  const isOver = (sinceMs: number): boolean => {
    if (progress.failure !== null) throw progress.failure.error;
    const isCommandOver = asked.command === null || progress.command !== null;
    return isCommandOver && sinceMs >= (asked.forMs ?? 0);
  };
  const startedMs = clock.elapsed();
  const everyMs = 1000 / asked.ratePerSecond;
  await keepPace({
    clock,
    everyMs,
    isOver,
    send: (plannedMs) => begin(trip, progress, plannedMs, startedMs),
  });
  progress.endedMs = clock.elapsed();
}

/** Goes off without being waited for. */
function begin(trip: Trip, progress: Progress, plannedMs: number, startedMs: number): void {
  const { delivery, open, asked, baseSecond } = trip;
  const { ledger, refusals, clock } = delivery;
  const index = ledger.add(plannedMs, baseSecond - Math.floor((plannedMs - startedMs) / windowMs));
  if (clock.elapsed() - plannedMs > lateMs) progress.late += 1;
  if (open.size > asked.ratePerSecond * mostOpenSeconds) {
    refusals.add('not sent: too many earlier ones have no answer yet');
    return ledger.giveUp(index);
  }
  const going = goOn(trip, progress, index).finally(() => void open.delete(going));
  open.add(going);
}

/** A fault of ours ends the run: it is thrown where sending is waited for. */
async function goOn({ delivery }: Trip, progress: Progress, index: number): Promise<void> {
  try {
    await deliver(delivery, index);
    const { acceptedMs } = delivery.ledger.at(index);
    if (!Number.isNaN(acceptedMs)) progress.lastAcceptedMs = Math.max(progress.lastAcceptedMs, acceptedMs);
  } catch (error) {
    delivery.ledger.giveUp(index);
    progress.failure ??= { error };
  }
}

/** Nothing is written over what the command writes. */
function say({ asked, delivery, run }: Trip, { command, endedMs }: Progress): void {
  if (asked.command !== null && command === null) return;
  const doing = endedMs === null ? 'sent' : 'waiting for the last of';
  run.options.onProgress(`${doing} ${delivery.ledger.size()} canaries`);
}

/** What is accepted is waited for as long as --timeout says; what is still tried is waited for first. */
function isDrained({ run, watch, open }: Trip, { endedMs, lastAcceptedMs, failure }: Progress): boolean {
  if (failure !== null) return true;
  if (endedMs === null || open.size > 0) return false;
  const untilMs = Math.max(endedMs, lastAcceptedMs) + run.options.settings.timeoutMs;
  return isAllThere(watch.ledger) || watch.clock.elapsed() >= untilMs;
}

/** The command begins when canaries are known to get through, or do not within two seconds. */
const headStartMs = 2000;
const pollMs = 50;

async function runBeside({ asked, delivery, run }: Trip, progress: Progress): Promise<void> {
  if (asked.command === null) return;
  const { clock, traces } = delivery;
  const startedMs = clock.elapsed();
  while (traces.size === 0 && clock.elapsed() - startedMs < headStartMs) await clock.pause(pollMs);
  progress.command = await runCommand(asked.command, clock, run.options.signal);
}

/** Nothing is called lost because the last look had no answer. */
const lastTries = 5;
const lastPauseMs = 1000;

async function lastSight({ watch }: Trip, sight: Sight): Promise<Sight> {
  let last = sight;
  for (let tries = 0; last.hop === null && tries < lastTries; tries += 1) {
    await watch.clock.pause(lastPauseMs);
    last = await lookOnce(watch);
  }
  return last;
}
