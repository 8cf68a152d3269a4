import type { Access } from './dialer.ts';

/** What became of a connection that was left idle after a request. */
export interface IdleOutcome {
  /** How the other side ended it; null when it was still open. */
  readonly ended: 'closed' | 'reset' | null;
  /** How long it was idle, in milliseconds. */
  readonly afterMs: number;
  /** `timeout=N` of the Keep-Alive header in seconds; null without one. */
  readonly promisedSeconds: number | null;
  /** Of a second request on the same connection; null where there was none left. */
  readonly status: number | null;
}

/**
 * Sends a GET, leaves its connection alone for `idleMs` and sends another on it.
 *
 * @throws LfctlError LANGFUSE_* when the first gets no answer
 */
export type HoldIdle = (url: string, idleMs: number, access: Access) => Promise<IdleOutcome>;
