import { basename } from 'node:path';
import { LfctlError } from '../../errors/error.ts';
import type { Child, ChildEnd, StartChild } from '../../ports/child.ts';
import type { Clock } from '../follow.ts';
import type { CommandEnd } from './report.ts';

/** The command of `--during`, and who starts it. */
export interface DuringCommand {
  readonly words: readonly string[];
  readonly start: StartChild;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C on a terminal has reached the command already: a second one would end many programs at once. */
  readonly sharesTerminal: boolean;
}

/** Runs it to its end; a signal that ends lfctl is handed on. */
export async function runCommand(
  { words, start, env, sharesTerminal }: DuringCommand,
  clock: Clock,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const [program = '', ...args] = words;
  const startedMs = clock.elapsed();
  const child = start({ program, args, env });
  const pass = (): void => passOn(child, signal.reason, sharesTerminal);
  signal.addEventListener('abort', pass, { once: true });
  if (signal.aborted) pass();
  try {
    const end = await child.ended;
    return { program: basename(program), ...wordsOf(end), ms: Math.round(clock.elapsed() - startedMs) };
  } finally {
    signal.removeEventListener('abort', pass);
  }
}

function passOn(child: Child, reason: unknown, sharesTerminal: boolean): void {
  const isInterrupt = reason instanceof LfctlError && reason.code === 'INTERRUPTED';
  if (isInterrupt && sharesTerminal) return;
  child.pass(isInterrupt ? 'SIGINT' : 'SIGTERM');
}

function wordsOf(end: ChildEnd): Pick<CommandEnd, 'exitCode' | 'ended'> {
  switch (end.state) {
    case 'exited':
      return { exitCode: end.code, ended: null };
    case 'killed':
      return { exitCode: null, ended: end.signal };
    case 'failed':
      return { exitCode: null, ended: `not started: ${end.why}` };
  }
}
