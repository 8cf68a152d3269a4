import { LfctlError } from '../../errors/error.ts';

/** The time for one step was over. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'ETIMEDOUT';
}

/** A waiting time in words: `250 ms`, `3 s`. */
function waitText(waitMs: number): string {
  return waitMs < 1000 ? `${Math.round(waitMs)} ms` : `${Math.round(waitMs / 100) / 10} s`;
}

/** Why a run's own signal ended a step: its time was over, or someone stopped it. */
export function stopReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof LfctlError || reason instanceof DeadlineError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    return new DeadlineError('the time of the run was over');
  return new LfctlError('INTERRUPTED', { message: 'stopped before it was done' });
}

/**
 * Runs a step that must end in time. The step gets a signal that fires at the deadline and when the run ends,
 * and should close what it opened then; its late outcome is ignored.
 * @throws DeadlineError after `waitMs`; LfctlError when the run was stopped
 */
export async function within<Value>(
  waitMs: number,
  parent: AbortSignal,
  step: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (parent.aborted) throw stopReason(parent);
  const control = new AbortController();
  const stop = (): void => control.abort(stopReason(parent));
  parent.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(
    () => control.abort(new DeadlineError(`no answer within ${waitText(waitMs)}`)),
    waitMs,
  );
  try {
    return await Promise.race([step(control.signal), aborted(control.signal)]);
  } catch (error) {
    // A client that noticed the abort first says so in its own words; ours name the deadline.
    throw control.signal.aborted ? (control.signal.reason as Error) : error;
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', stop);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
