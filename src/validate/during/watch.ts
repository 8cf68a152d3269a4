import { LfctlError } from '../../errors/error.ts';
import { canaryTraceId } from '../canary-id.ts';
import type { Way } from '../canary.ts';
import type { Clock } from '../follow.ts';
import type { Found, Looker } from './arrival.ts';
import { wayOf } from './deliver.ts';
import { generationId, numberIn } from './ids.ts';
import type { Entry, Ledger } from './ledger.ts';

export interface Watch {
  readonly projectId: string;
  readonly ways: readonly Way[];
  readonly ledger: Ledger;
  /** Asked in turn until one answers. */
  readonly lookers: readonly Looker[];
  readonly clock: Clock;
}

/** What one look told. */
export interface Sight {
  /** Where it was looked; null when nothing answered. */
  readonly hop: Looker['hop'] | null;
  /** Why the first one asked did not answer. */
  readonly why: string | null;
}

/** Traces that one question is about: a store's answer holds all of their generations. */
const tracesAtOnce = 4;

/** Looks once for everything that was sent and not yet seen. */
export async function lookOnce(watch: Watch): Promise<Sight> {
  let why: string | null = null;
  for (const looker of watch.lookers) {
    try {
      const open = [...watch.ledger.unseenSeconds()];
      for (let at = 0; at < open.length; at += tracesAtOnce)
        await lookInto(watch, looker, open.slice(at, at + tracesAtOnce));
      return { hop: looker.hop, why };
    } catch (error) {
      if (!(error instanceof LfctlError)) throw error;
      why ??= error.message;
    }
  }
  return { hop: null, why };
}

async function lookInto(watch: Watch, looker: Looker, seconds: readonly number[]): Promise<void> {
  const { projectId, clock } = watch;
  const traces = seconds.map((second) => canaryTraceId(projectId, new Date(second * 1000)));
  const found = await looker.look(projectId, traces);
  const atMs = clock.elapsed();
  for (const each of found) note(watch, each, atMs);
}

/** What is no canary of this run, such as a trace's root, is passed over. */
function note({ projectId, ways, ledger }: Watch, { id, rows }: Found, atMs: number): void {
  const index = numberIn(id);
  if (!(index < ledger.size())) return;
  const { second } = ledger.at(index);
  const traceId = canaryTraceId(projectId, new Date(second * 1000));
  if (generationId({ traceId }, wayOf(ways, index), index) === id) ledger.see(index, atMs, rows);
}

const isSeen = ({ seenMs }: Entry): boolean => !Number.isNaN(seenMs);

/** Every canary that was accepted has been seen, and none is on its way. */
export function isAllThere(ledger: Ledger): boolean {
  for (let index = 0; index < ledger.size(); index += 1) {
    const entry = ledger.at(index);
    if (!entry.settled || (!Number.isNaN(entry.acceptedMs) && !isSeen(entry))) return false;
  }
  return true;
}

/** Looks come as often as they are cheap. */
const shortestPauseMs = 250;
const longestPauseMs = 5000;

/** Looks again and again until it is over; gives the last sight. */
export async function keepLooking(watch: Watch, isOver: () => boolean): Promise<Sight> {
  const { clock } = watch;
  for (;;) {
    const startedMs = clock.elapsed();
    const sight = await lookOnce(watch);
    if (isOver()) return sight;
    const tookMs = clock.elapsed() - startedMs;
    await clock.pause(Math.min(longestPauseMs, Math.max(shortestPauseMs, 4 * tookMs)));
  }
}
