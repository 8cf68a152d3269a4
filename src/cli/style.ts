import type { TextStyle } from './command.ts';
import type { OutputStream } from './host.ts';

type Environment = Readonly<Record<string, string | undefined>>;
const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** How text on a stream may look, by https://no-color.org and https://bixense.com/clicolors. */
export function styleOf(
  stream: OutputStream,
  env: Environment,
  asked: { readonly noColor: boolean; readonly verbose: boolean; readonly interactive: boolean },
): TextStyle {
  return {
    color: !asked.noColor && wantsColor(stream, env),
    columns: columnsOf(stream, env),
    verbose: asked.verbose,
    interactive: asked.interactive,
    ascii: isAscii(env),
  };
}

function wantsColor(stream: OutputStream, env: Environment): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['CLICOLOR_FORCE']) && env['CLICOLOR_FORCE'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** 80 when piped, so that what is saved reads the same everywhere. Under 20 nothing can be laid out. */
function columnsOf(stream: OutputStream, env: Environment): number {
  const forced = Number(env['COLUMNS']);
  const known = stream.isTTY === true ? stream.columns : undefined;
  const columns = known ?? (Number.isInteger(forced) && forced > 0 ? forced : 80);
  return Math.max(columns === 0 ? 80 : columns, 20);
}

/** A locale that names another charset than UTF-8, the Linux console, and dumb terminals. No locale says nothing. */
function isAscii(env: Environment): boolean {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return true;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet);
  return locale !== undefined && !/utf-?8/i.test(locale);
}
