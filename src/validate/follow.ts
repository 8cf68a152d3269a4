import { LfctlError } from '../errors/error.ts';
import type { Hop, HopName, HopResult, Look } from './hop.ts';
import { isSettled } from './hop.ts';

/** A clock that tests can turn. */
export interface Clock {
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  /** @throws what the signal was aborted with */
  readonly pause: (ms: number) => Promise<void>;
}

export interface Following {
  readonly hops: readonly Hop[];
  readonly clock: Clock;
  /** When the request was sent and when its answer was there, by the clock. */
  readonly sentMs: number;
  readonly acceptedMs: number;
  /** By the clock: after it nothing is waited for. */
  readonly untilMs: number;
  /** Ends looking early, for what is looked at beside something else. */
  readonly isGivenUp?: () => boolean;
  readonly onLook?: (hop: HopName, look: Look) => void;
}

/** The first looks come quickly, because most canaries arrive quickly. */
const firstPauseMs = 50;
const longestPauseMs = 1000;
const growth = 1.4;

/**
 * Looks at every hop until each has said its last word, one has failed and none before it is waited for, or time is
 * over. All hops are asked at once: a hop behind another may be seen first, and may fail first.
 */
export async function follow(following: Following): Promise<HopResult[]> {
  const { hops, clock, untilMs } = following;
  const results = new Map<HopName, HopResult>();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * growth, longestPauseMs)) {
    await lookAtAll(following, results);
    const looks = hops.map(({ name }) => results.get(name)?.look);
    if (isOver(looks) || following.isGivenUp?.() === true) break;
    const leftMs = untilMs - clock.elapsed();
    if (leftMs <= 0) break;
    await clock.pause(Math.min(pauseMs, leftMs));
  }
  return hops.map(({ name }) => results.get(name)).filter((result) => result !== undefined);
}

/** What waits before the failed one may be where the canary is lost. */
function isOver(looks: readonly (Look | undefined)[]): boolean {
  const open = looks.findIndex((look) => !isSettled(look));
  const failed = looks.findIndex((look) => look?.state === 'failed');
  return open === -1 || (failed !== -1 && failed < open);
}

async function lookAtAll(following: Following, results: Map<HopName, HopResult>): Promise<void> {
  const { hops } = following;
  const lookAt = async (some: readonly Hop[]): Promise<void> => {
    const looks = new Map([...results].map(([name, { look }]) => [name, look]));
    await Promise.all(some.map(async (hop) => await lookOnce(following, results, looks, hop)));
  };
  await lookAt(hops.filter(({ last }) => last !== true));
  await lookAt(hops.filter(({ last }) => last === true));
}

async function lookOnce(
  { clock, acceptedMs, sentMs, onLook }: Following,
  results: Map<HopName, HopResult>,
  looks: ReadonlyMap<HopName, Look>,
  { name, look: lookAt }: Hop,
): Promise<void> {
  if (isSettled(looks.get(name))) return;
  const look = await lookAt({ sinceMs: clock.elapsed() - acceptedMs, looks }).catch(notLooked);
  results.set(name, { hop: name, look, ms: Math.round(clock.elapsed() - sentMs) });
  onLook?.(name, look);
}

/** A store that answers with an error says nothing about the canary. */
function notLooked(error: unknown): Look {
  if (!(error instanceof LfctlError)) throw error;
  return { state: 'unknown', detail: error.message };
}
