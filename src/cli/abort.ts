import { LfctlError } from '../errors/error.ts';
import { exitCodes } from '../errors/exit.ts';
import { formatDuration } from './duration.ts';
import type { Host } from './host.ts';

/** Ends a run on its deadline or on a signal. */
export interface RunDeadline {
  /** Its reason is the LfctlError to exit with. */
  readonly signal: AbortSignal;
  /** Rejects with that reason when the run does not end by itself in time after it. */
  readonly overdue: Promise<never>;
  readonly dispose: () => void;
}

/** Time for a run that was told to end, for undoing its step and closing its connections. */
const graceMs = 5000;

/** The second Ctrl-C ends the process at once. `timeoutMs` null means no deadline. */
export function startDeadline(host: Host, timeoutMs: number | null): RunDeadline {
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let giveUp: (reason: LfctlError) => void = () => undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  overdue.catch(() => undefined);
  const end = (reason: LfctlError): void => {
    if (controller.signal.aborted) return;
    controller.abort(reason);
    timers.push(setTimeout(giveUp, graceMs, reason));
  };
  if (timeoutMs !== null) timers.push(setTimeout(end, timeoutMs, timeoutError(timeoutMs)));
  const stop = host.onSignal((name) => {
    if (controller.signal.aborted) host.exit(exitCodes[signalError(name).exit]);
    end(signalError(name));
  });
  const dispose = (): void => {
    stop();
    for (const timer of timers) clearTimeout(timer);
  };
  return { signal: controller.signal, overdue, dispose };
}

const timeoutError = (timeoutMs: number): LfctlError =>
  new LfctlError('TIMEOUT', { message: `not done within ${formatDuration(timeoutMs)}` });

const signalError = (name: 'SIGINT' | 'SIGTERM'): LfctlError =>
  name === 'SIGINT'
    ? new LfctlError('INTERRUPTED', { message: 'interrupted by Ctrl-C (SIGINT)' })
    : new LfctlError('TERMINATED', { message: 'ended by SIGTERM' });
