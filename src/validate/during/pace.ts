import type { Clock } from '../follow.ts';

export interface Pace {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Asked at least ten times a second, with the time since the beginning. */
  readonly isOver: (sinceMs: number) => boolean;
  /** Must not wait for its answer: the next one is due all the same. */
  readonly send: (plannedMs: number) => void;
}

const longestPauseMs = 100;

/** Sends when it is due, however slowly answers come; what this machine could not do in time is made up for at once. */
export async function keepPace({ clock, everyMs, isOver, send }: Pace): Promise<{ readonly ms: number }> {
  const startedMs = clock.elapsed();
  for (let next = 0; ;) {
    const nowMs = clock.elapsed();
    if (isOver(nowMs - startedMs)) return { ms: Math.round(nowMs - startedMs) };
    for (; startedMs + next * everyMs <= nowMs; next += 1) send(startedMs + next * everyMs);
    const leftMs = startedMs + next * everyMs - clock.elapsed();
    await clock.pause(Math.min(longestPauseMs, Math.max(1, leftMs)));
  }
}

/** Per second, of text such as `5/s`, `300/m`, `0.5/s`; null when it is none, or none that can be kept. */
export function parseRate(text: string): number | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\/(s|m)$/.exec(text) ?? [];
  const perSecond = Number(count) / (unit === 'm' ? 60 : 1);
  return perSecond > 0 && perSecond <= mostPerSecond ? perSecond : null;
}

/** One process sends no more than this in good time. */
export const mostPerSecond = 500;
