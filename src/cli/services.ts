import type { StartChild } from '../ports/child.ts';
import type { PortOpeners } from '../ports/openers.ts';

/** What commands may reach, handed in so that tests can hand in something else. */
export interface Services extends PortOpeners {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null without a home folder. */
  readonly homeFolder?: string | null;
  /** Absent where nobody can be asked. */
  readonly ask?: Asker;
  readonly now: () => Date;
  /** Who runs it, for locks and the journal: `mia@laptop`. */
  readonly actor: string;
  /** Runs a program of the user's beside the command. */
  readonly startChild: StartChild;
  /** Progress, notes and questions go to stderr through it. */
  readonly terminal: Terminal;
  /** Folder for lfctl's own state (fingerprint key, sandboxes); created on first use with mode 0700. */
  readonly stateFolder: () => Promise<string>;
  /** Makes the function that fingerprints a value: 8 hex of an HMAC under the key in the state folder. */
  readonly fingerprinter: () => Promise<(value: string) => string>;
}

/** Questions to a person. Only where the terminal is interactive. */
export interface Asker {
  /** One of several; gives its value. */
  readonly select: (
    question: string,
    choices: readonly { readonly value: string; readonly name: string }[],
    initial?: string,
  ) => Promise<string>;
  /** A line of text; `check` says what is wrong with it, or nothing. */
  readonly input: (
    question: string,
    initial: string,
    check?: (answer: string) => string | null,
  ) => Promise<string>;
  readonly confirm: (question: string, initial: boolean) => Promise<boolean>;
  /** A line that is not shown while it is typed. */
  readonly password: (question: string, check?: (answer: string) => string | null) => Promise<string>;
}

/** What a command may do with the terminal while it runs. */
export interface Terminal {
  /** True when a person can be asked. */
  readonly interactive: boolean;
  /** A line of progress; replaced by the next one on a terminal, dropped by --quiet. */
  readonly progress: (text: string) => void;
  /** A note that stays; dropped by --quiet. */
  readonly note: (text: string) => void;
  /** A line of the request log (`GET … 200 12 ms`, never a secret); shown with --debug. */
  readonly debug?: (text: string) => void;
  /** Reads all of standard input; for secrets and files given by `-`. */
  readonly readInput: () => Promise<string>;
}
