import type { TextStyle } from '../../cli/command.ts';
import type { CheckResult, CheckStatus } from '../../doctor/report.ts';
import { millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { statusGlyph } from '../glyphs.ts';
import { paint } from '../paint.ts';
import { wrapPainted } from '../table.ts';
import { tally } from './tally.ts';

/** Before the second line of a row and those after it. */
const hanging = ' '.repeat(6);

/** Rows that are shown although nobody asked for more. */
const alwaysShown: ReadonlySet<CheckStatus> = new Set(['fail', 'unknown', 'blocked']);

/** The list by area: a count of what is well, a row for what is not; with -v a row for each check and its time. */
export function areasText(checks: readonly CheckResult[], style: TextStyle): string {
  const byArea = grouped(checks);
  const nameColumns = Math.max(...[...byArea.keys()].map((area) => area.length), 0) + 2;
  return [...byArea].map(([area, rows]) => areaText(area.padEnd(nameColumns), rows, style)).join('');
}

function grouped(checks: readonly CheckResult[]): Map<string, CheckResult[]> {
  const groups = new Map<string, CheckResult[]>();
  for (const check of checks) groups.set(check.area, [...(groups.get(check.area) ?? []), check]);
  return groups;
}

function areaText(name: string, rows: readonly CheckResult[], style: TextStyle): string {
  const ink = paint(style.color);
  const shown = rows.filter((row) => style.verbose || alwaysShown.has(row.status));
  const line = `${ink.bold(name)}${tally(rows, style).join(', ')}\n`;
  return `${line}${shown.map((row) => rowText(row, style)).join('')}`;
}

function rowText(row: CheckResult, style: TextStyle): string {
  const ink = paint(style.color);
  const time = style.verbose ? ink.dim(` ${millisecondsText(row.ms)}`) : '';
  const glyph = statusGlyph(row.status, row.severity, style);
  const text = `${row.id}: ${saidOf(row)}${time}`;
  const [first = '', ...rest] = wrapPainted(text, Math.max(style.columns - hanging.length, 16));
  return [`  ${glyph} ${first}\n`, ...rest.map((line) => `${hanging}${line}\n`)].join('');
}

/** The most telling words: why it is not ok, else the healthy state that it holds. */
function saidOf(row: CheckResult): string {
  if (row.status === 'blocked' && row.blockedBy !== undefined) return `blocked by ${row.blockedBy}`;
  if (row.status === 'ok') return cleanText(row.detail ?? row.title);
  if (row.status === 'fail') return cleanText(row.detail ?? `not so: ${row.title}`);
  return cleanText(`${row.status}: ${row.reason ?? row.detail ?? row.title}`);
}
