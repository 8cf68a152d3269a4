import { LfctlError } from '../../errors/error.ts';
import type { DuringCommand } from './command.ts';
import { mostPerSecond, parseRate } from './pace.ts';
import type { DuringOptions } from './trip.ts';

/** The flags as they were given. */
export interface DuringFlags {
  readonly during: boolean;
  readonly forMs: number | null;
  /** Undefined where the flag was not given. */
  readonly rate: string | undefined;
  readonly words: readonly string[];
  readonly clean: boolean;
}

/** A user of five traces a second notices a gap of a second, and no store notices them. */
const usualRate = '5/s';

/** What many canaries are asked for; null for one of each way. @throws LfctlError USAGE */
export function askedDuring(
  { during, forMs, rate, words, clean }: DuringFlags,
  beside: Omit<DuringCommand, 'words'>,
): DuringOptions | null {
  const ratePerSecond = parseRate(rate ?? usualRate);
  if (ratePerSecond === null)
    throw wrong(`--rate is '${rate ?? ''}': such as 5/s or 300/m, at most ${mostPerSecond}/s`);
  if (words.length > 0 && !during)
    throw wrong('a command is given without --during', 'lfctl validate --during -- COMMAND');
  if (during && words.length === 0)
    throw wrong('--during needs a command', 'lfctl validate --during -- COMMAND');
  if (!during && forMs === null && rate !== undefined)
    throw wrong('--rate is of many canaries: it goes with --during or --for');
  if (!during && forMs === null) return null;
  if (clean) throw wrong('--clean sends nothing: it goes without --during and --for');
  return { ratePerSecond, forMs, command: during ? { ...beside, words } : null };
}

const wrong = (message: string, fix?: string): LfctlError =>
  new LfctlError('USAGE', { message, fixes: fix === undefined ? [] : [{ text: fix }] });
