import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { TextStyle } from '../cli/command.ts';
import { paint } from './paint.ts';

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Narrowest column that words can be wrapped into; where not all have as much, each row becomes a block. */
const minimumColumns = 14;
const gap = 2;

/** Columns without lines, as kubectl has them, wrapped to the terminal; too narrow for that, one block a row. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Pick<TextStyle, 'color' | 'columns'>,
): string {
  if (rows.length === 0) return '';
  const natural = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf)),
  );
  const room = style.columns - gap * (head.length - 1);
  if (sum(natural.map((width) => Math.min(width, minimumColumns))) > room) return blocks(head, rows, style);
  const ink = paint(style.color);
  const words = head.map((title, column) =>
    Math.max(...[title, ...rows.flatMap((row) => (row[column] ?? '').split(/\s+/))].map(widthOf)),
  );
  const widths = fit(natural, words, room);
  const table = new Table({
    head: head.map((title) => ink.dim(title.toUpperCase())),
    chars: noLines,
    // Its own styles colour heads and lines even where there is to be no colour.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colWidths: widths,
  });
  // Its own wrapping either breaks every word or cuts the long ones off.
  table.push(
    ...rows.map((row) => row.map((cell, column) => wrapPainted(cell, widths[column] ?? 1).join('\n'))),
  );
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Columns that a text takes, colours aside. */
export const widthOf = (text: string): number =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => Array.from(line).length),
  );

/** Takes from the widest column until all fit: first where words can be wrapped, then where one must be broken. */
function fit(natural: readonly number[], words: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (const floors of [words, words.map(() => 1)])
    while (sum(widths) > room) {
      const widest = Math.max(...widths.filter((width, column) => width > (floors[column] ?? 1)));
      const column = widths.findIndex((width, index) => width === widest && width > (floors[index] ?? 1));
      if (column < 0) break;
      widths[column] = widest - 1;
    }
  return widths;
}

function blocks(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Pick<TextStyle, 'color' | 'columns'>,
): string {
  return rows
    .map((row) =>
      keyValueText(
        head.map((title, column) => [title, row[column] ?? ''] as const),
        style,
      ),
    )
    .join('\n');
}

/** `name  value` lines, values wrapped under themselves. */
export function keyValueText(
  pairs: readonly (readonly [string, string])[],
  style: Pick<TextStyle, 'color' | 'columns'>,
): string {
  const ink = paint(style.color);
  const left = Math.max(...pairs.map(([name]) => name.length), 0) + gap;
  const width = Math.max(style.columns - left, 10);
  return pairs
    .map(([name, value]) => {
      const [first = '', ...rest] = wrapPainted(value, width);
      const lines = [
        `${ink.dim(name)}${' '.repeat(left - name.length)}${first}`,
        ...rest.map((line) => ' '.repeat(left) + line),
      ];
      return `${lines.join('\n').trimEnd()}\n`;
    })
    .join('');
}

/** Wraps at spaces, counting no colours; only a word longer than a line is broken. */
export function wrapPainted(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ').flatMap((one) => pieces(one, width))) {
      if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

/** A painted word stays whole: its colour would end up on one piece. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width || word.includes('\u001B')) return [word];
  const signs = Array.from(word);
  const count = Math.ceil(signs.length / width);
  return Array.from({ length: count }, (_, index) =>
    signs.slice(index * width, (index + 1) * width).join(''),
  );
}
