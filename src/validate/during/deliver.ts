import { LfctlError } from '../../errors/error.ts';
import type { LangfusePort } from '../../ports/langfuse.ts';
import type { EncodeSpans } from '../../ports/otlp.ts';
import type { Way } from '../canary.ts';
import type { Clock } from '../follow.ts';
import { jsonEvents } from '../payload/json.ts';
import { canarySpans } from '../payload/otlp.ts';
import type { Accepted, Refused } from '../send.ts';
import { sendEvents, sendSpans } from '../send.ts';
import { generationId, windowTrace } from './ids.ts';
import type { Ledger } from './ledger.ts';
import type { Refusals } from './refusals.ts';
import { sdkRetry } from './retry.ts';
import type { Slots } from './slots.ts';

/** What all canaries of a run are delivered with. */
export interface Delivery {
  readonly langfuse: LangfusePort;
  readonly encodeSpans: EncodeSpans;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly projectId: string;
  /** Canaries take them in turn. */
  readonly ways: readonly Way[];
  readonly ledger: Ledger;
  readonly slots: Slots;
  readonly refusals: Refusals;
  /** Seconds of traces that were accepted; before that each canary brings its trace along. */
  readonly traces: Set<number>;
  /** Raw files that answers named: clean-up removes them. */
  readonly onFile: (key: string) => void;
  readonly onRefused: (way: Way) => void;
}

/** The way of a canary. */
export const wayOf = (ways: readonly Way[], index: number): Way => ways[index % ways.length] ?? 'json';

/** Sends one canary until it is accepted or an SDK would give up. */
export async function deliver(delivery: Delivery, index: number): Promise<void> {
  const { clock, ledger, refusals, slots } = delivery;
  const way = wayOf(delivery.ways, index);
  const retry = sdkRetry(way);
  const startedMs = clock.elapsed();
  for (let attempts = 1; ; attempts += 1) {
    const answer = await slots.run(async () => await attempt(delivery, index));
    if (answer.state === 'accepted') return accept(delivery, index, answer);
    refusals.add(answer.detail);
    delivery.onRefused(way);
    const pauseMs = retry({ ...answer, attempts, sinceMs: clock.elapsed() - startedMs });
    if (pauseMs === null || !(await isPaused(clock, pauseMs))) return ledger.giveUp(index);
  }
}

function accept({ ledger, traces, clock, onFile }: Delivery, index: number, { files }: Accepted): void {
  ledger.accept(index, clock.elapsed());
  traces.add(ledger.at(index).second);
  for (const key of files.keys) onFile(key);
}

/** False when the run has been ended meanwhile. */
async function isPaused(clock: Clock, ms: number): Promise<boolean> {
  try {
    await clock.pause(ms);
    return true;
  } catch (error) {
    if (error instanceof LfctlError) return false;
    throw error;
  }
}

async function attempt(delivery: Delivery, index: number): Promise<Accepted | Refused> {
  const { langfuse, encodeSpans, projectId, ways, ledger, traces, now } = delivery;
  const way = wayOf(ways, index);
  const { second } = ledger.at(index);
  const trace = windowTrace(projectId, way, second, now());
  const canary = { ...trace, generationId: generationId(trace, way, index) };
  const isTraceThere = traces.has(second);
  if (way === 'json') {
    const [head, generation] = jsonEvents(canary);
    const wanted = isTraceThere ? [generation] : [head, generation];
    const events = wanted.filter((event) => event !== undefined);
    // The name of its raw file: another one for each generation.
    const own = events.map((event) => ({ ...event, id: `${canary.generationId}-${event.type}` }));
    return await sendEvents(langfuse, canary, own, '');
  }
  const [, generation] = canarySpans(canary);
  const spans = isTraceThere && generation !== undefined ? [generation] : canarySpans(canary);
  return await sendSpans(langfuse, way, spans, encodeSpans);
}
