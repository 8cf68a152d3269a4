import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './follow.ts';

/** The machine's steady clock; pauses end with the signal. */
export function steadyClock(signal?: AbortSignal): Clock {
  return {
    elapsed: () => performance.now(),
    pause: async (ms) => {
      signal?.throwIfAborted();
      await pause(ms, undefined, signal === undefined ? {} : { signal });
    },
  };
}
