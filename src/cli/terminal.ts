import type { Host } from './host.ts';
import type { Terminal } from './services.ts';
import { writeText } from './write.ts';

/** Erases the line and returns to its start. */
const eraseLine = '\r\u001B[2K';

/** Progress and notes on stderr. Progress is one line that the next replaces, and only a terminal gets it. */
export interface OwnTerminal extends Terminal {
  /** Removes the line of progress; before anything else is written. */
  readonly clear: () => void;
  readonly debug: (text: string) => void;
}

/** Progress and questions on the process's streams; silent where no one looks. */
export function openTerminal(
  host: Host,
  asked: { readonly quiet: boolean; readonly debug: boolean },
): OwnTerminal {
  const { stderr } = host;
  const live = stderr.isTTY === true && !asked.quiet && host.env['TERM'] !== 'dumb';
  let shown = false;
  const write = (text: string): void => void writeText(stderr, text);
  const clear = (): void => {
    if (shown) write(eraseLine);
    shown = false;
  };
  const line = (text: string): void => {
    clear();
    write(`${text}\n`);
  };
  return {
    interactive: host.stdin.isTTY === true && stderr.isTTY === true,
    progress: (text) => {
      if (!live) return;
      write(`${eraseLine}${text.replaceAll(/\s+/g, ' ').slice(0, columnsOf(stderr) - 1)}`);
      shown = true;
    },
    note: (text) => {
      if (!asked.quiet) line(text);
    },
    debug: (text) => {
      if (asked.debug) line(`debug: ${text}`);
    },
    readInput: () => readAll(host.stdin),
    clear,
  };
}

/** Some terminals say 0 when they do not know. */
const columnsOf = ({ columns = 80 }: Host['stderr']): number => (columns === 0 ? 80 : columns);

async function readAll(stdin: Host['stdin']): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
