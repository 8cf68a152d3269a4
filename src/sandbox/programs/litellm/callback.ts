import type { Completion } from './completion.ts';

/** Where callbacks run: what they need of the process around them. */
export interface CallbackHost {
  readonly env: Readonly<Record<string, string>>;
  readonly print: (line: string) => void;
  readonly resolve: (hostname: string) => Promise<string>;
  readonly clock: () => number;
  /** Waits, shortened by the sandbox's time scale; ends early when the process stops. */
  readonly pause: (durationMs: number) => Promise<void>;
  /** Deadlines, shortened likewise. */
  readonly scaled: (durationMs: number) => number;
}

/** Takes completed calls and sends them on, in the background; never fails the call. */
export interface Callback {
  /** Where it sends to; null when it is switched off. */
  readonly url: URL | null;
  readonly record: (completion: Completion) => void;
  /** Sends what is pending. */
  readonly flush: () => Promise<void>;
}

/** Host of Langfuse as LiteLLM reads it: http:// is assumed where no scheme is given. */
export function langfuseUrl(host: string, path: string): URL {
  const base = /^https?:\/\//.test(host) ? host : `http://${host}`;
  return new URL(`${base.replace(/\/$/, '')}${path}`);
}
