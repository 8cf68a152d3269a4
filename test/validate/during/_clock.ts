import type { Clock } from '../../../src/validate/follow.ts';

/** A clock on which nothing takes time but pauses: when all wait, it goes on to the first that ends. */
export function virtualClock(): Clock {
  let nowMs = 0;
  let isTurning = false;
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  const turn = (): void => {
    setImmediate(() => {
      sleepers.sort((a, b) => a.atMs - b.atMs);
      const next = sleepers.shift();
      isTurning = next !== undefined;
      if (next === undefined) return;
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
      turn();
    });
  };
  return {
    elapsed: () => nowMs,
    pause: async (ms) => {
      await new Promise<void>((wake) => {
        sleepers.push({ atMs: nowMs + ms, wake });
        if (!isTurning) turn();
        isTurning = true;
      });
    },
  };
}
