/** What the process offers, handed in so that a test can be the process. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null where the user has none (cron, a random user id in a pod). */
  readonly homeFolder: string | null;
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly now: () => Date;
  /** Calls back on each signal; the returned function stops it. */
  readonly onSignal: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
  /** Ends the process at once; for a second Ctrl-C. */
  readonly exit: (code: number) => void;
}

/** A stream to write text to, as process.stdout is one. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string, done: (error?: Error | null) => void) => unknown;
  readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
}
