import type { Canary, CanaryIds, Way } from '../canary.ts';
import { makeCanary } from '../canary.ts';
import { canarySpanId } from '../canary-id.ts';

/** One trace holds the canaries of so many milliseconds: an id of a trace stands for a whole second of its project. */
export const windowMs = 20_000;

const hourMs = 3_600_000;

/**
 * The second that the first trace of a run stands for; each further trace takes the one before. Plain runs take
 * seconds of the last hour, and two runs at the same time begin at different ones.
 * @param share 0 to 1, by chance
 */
export const firstSecond = (now: Date, share: number): number =>
  Math.floor((now.getTime() - hourMs - share * 23 * hourMs) / 1000);

/** The trace of a window as it is sent in a way, with times of now. */
export function windowTrace(projectId: string, way: Way, second: number, now: Date): Canary {
  return makeCanary(projectId, way, new Date(second * 1000), now);
}

const digits = 6;

/**
 * The id of one canary's generation; its last six hex digits are its number in the run. A span id must be 16 hex
 * digits and, as all observation ids, unlike any other of its project. In JSON's the trace's id comes first: its raw
 * files are found by one listing.
 */
export function generationId({ traceId }: Pick<CanaryIds, 'traceId'>, way: Way, index: number): string {
  const number = index.toString(16).padStart(digits, '0');
  return way === 'json'
    ? `${traceId}-${number}`
    : `${canarySpanId(traceId, 'during').slice(0, 16 - digits)}${number}`;
}

/** The number that an id names; whether it is an id of this run is for the caller to compare. */
export const numberIn = (id: string): number => Number.parseInt(id.slice(-digits), 16);
