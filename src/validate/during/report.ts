import type { HopName } from '../hop.ts';

/** Times of one hop over all canaries that passed it, from the moment that each was due to be sent. */
export interface HopTimes {
  readonly hop: Extract<HopName, 'http' | 'store' | 'read'>;
  /** Canaries that passed it. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** One stretch of time, by the moment that its canaries were due. */
export interface Stretch {
  /** Its beginning, from the beginning of sending. */
  readonly atMs: number;
  readonly sent: number;
  readonly accepted: number;
  readonly arrived: number;
  readonly lost: number;
  /** 95th percentiles; null where none passed. */
  readonly httpMs: number | null;
  readonly arrivalMs: number | null;
}

/** The command that ran meanwhile. Its words may hold a password: its program alone is named. */
export interface CommandEnd {
  readonly program: string;
  /** Null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null;
  /** The signal, or why it could not be started. */
  readonly ended: string | null;
  readonly ms: number;
}

/** `during` of a ValidateReport: what became of the canaries that were sent while something changed. */
export interface DuringReport {
  readonly ratePerSecond: number;
  /** How long canaries were sent, and how long the last of them were waited for. */
  readonly ms: number;
  readonly drainMs: number;
  readonly sent: number;
  /** Sent later than they were due, because this machine or its connections could not keep up. */
  readonly late: number;
  /** Requests that were not taken, before an SDK's retries had success or came to their end. */
  readonly refusedRequests: number;
  readonly refusals: readonly { readonly detail: string; readonly count: number }[];
  /** Canaries that Langfuse said to have taken. */
  readonly accepted: number;
  /** Canaries that were refused until an SDK gives up, whether or not they arrived all the same. */
  readonly notAccepted: number;
  /** Canaries that were seen, accepted or not. */
  readonly arrived: number;
  /** Accepted, looked for until the end, and not there. */
  readonly lost: number;
  /** Accepted, and nothing could be asked for them at the end. */
  readonly unknown: number;
  readonly unknownReason: string | null;
  /** Seen in more than one row at once. */
  readonly duplicated: number;
  /** Longest time without a canary being accepted. */
  readonly longestGapMs: number;
  readonly hops: readonly HopTimes[];
  readonly series: { readonly stretchMs: number; readonly stretches: readonly Stretch[] };
  /** Null with --for alone. */
  readonly command: CommandEnd | null;
}
