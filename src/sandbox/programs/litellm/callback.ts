import type { Completion } from './completion.ts';

/** Where callbacks run: what they need of the process around them. */
export interface CallbackHost {
  /** LiteLLM's own, for example 1.74.3. */
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  readonly print: (line: string) => void;
  readonly resolve: (hostname: string) => Promise<string>;
  readonly clock: () => number;
  /** Waits, shortened by the sandbox's time scale; ends early when the process stops. */
  readonly pause: (durationMs: number) => Promise<void>;
  /** The same for what is not waited for here: timers. */
  readonly scaled: (durationMs: number) => number;
  /** How long an answer may take: shortened less, because a busy machine answers no faster for it. */
  readonly deadline: (durationMs: number) => number;
}

/** Takes completed calls and sends them on, in the background; never fails the call. */
export interface Callback {
  /** Where it sends to. */
  readonly url: URL;
  /** How readiness names the callbacks, of the configured names: it changes with the first call. */
  readonly listed: (names: readonly string[]) => readonly string[];
  readonly record: (completion: Completion) => void;
  /** Resolves when it no longer holds up everything else: LiteLLM has one event loop. */
  readonly free: () => Promise<void>;
  /** Sends what is pending. */
  readonly flush: () => Promise<void>;
}

/** Host of Langfuse as LiteLLM reads it: http:// is assumed where no scheme is given. */
export function langfuseUrl(host: string, path: string): URL {
  const base = /^https?:\/\//.test(host) ? host : `http://${host}`;
  return new URL(`${base.replace(/\/$/, '')}${path}`);
}
