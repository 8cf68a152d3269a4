import { setTimeout as sleep } from 'node:timers/promises';
import { LfctlError } from '../errors/error.ts';

const pauseMs = 50;

/**
 * Waits until the condition holds. A condition that rejects counts as "not yet"; its reason is told at the end.
 * @throws LfctlError SANDBOX_START after the deadline, or the signal's reason
 */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  timeoutMs = 60_000,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let reason: unknown;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    try {
      if (await condition()) return;
      reason = undefined;
    } catch (cause) {
      reason = cause;
    }
    await sleep(pauseMs);
  }
  const why = reason instanceof Error ? ` (${reason.message})` : '';
  throw new LfctlError('SANDBOX_START', {
    message: `after ${Math.round(timeoutMs / 1000)} s still waiting until ${what}${why}`,
    cause: reason,
  });
}
