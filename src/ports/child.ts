/** A program to run beside lfctl. */
interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** As lfctl got it, with nothing added. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How it ended. */
export type ChildEnd =
  | { readonly state: 'exited'; readonly code: number }
  | { readonly state: 'killed'; readonly signal: string }
  /** It never ran: `ENOENT`, `EACCES`. */
  | { readonly state: 'failed'; readonly why: string };

export interface Child {
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Hands a signal on; nothing happens where it has ended. */
  readonly pass: (signal: 'SIGINT' | 'SIGTERM') => void;
}

/** Starts it with lfctl's standard input; all that it writes goes to lfctl's standard error. */
export type StartChild = (command: ChildCommand) => Child;
