import type { TextStyle } from '../../cli/command.ts';
import type { CheckResult } from '../../doctor/report.ts';
import { paint } from '../paint.ts';

/** How a check counts for people: a failing warning is a warning. */
type Word = 'failing' | 'warning' | 'info' | 'unknown' | 'blocked' | 'ok' | 'skipped' | 'muted';

const order: readonly Word[] = ['failing', 'warning', 'info', 'unknown', 'blocked', 'ok', 'skipped', 'muted'];

function wordOf({ status, severity }: CheckResult): Word {
  if (status !== 'fail') return status;
  return severity === 'warning' || severity === 'info' ? severity : 'failing';
}

/** `1 failing, 2 warning, 31 ok`: the worst first, nothing that there is none of. */
export function tally(checks: readonly CheckResult[], style: TextStyle): string[] {
  const ink = paint(style.color);
  const inks: Readonly<Record<Word, (text: string) => string>> = {
    failing: ink.red,
    warning: ink.yellow,
    info: ink.blue,
    unknown: ink.yellow,
    blocked: ink.dim,
    ok: ink.green,
    skipped: ink.dim,
    muted: ink.dim,
  };
  return order
    .map((word) => ({ word, count: checks.filter((check) => wordOf(check) === word).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) =>
      inks[word](`${String(count)} ${count > 1 && word === 'warning' ? 'warnings' : word}`),
    );
}
