import type { TextStyle } from '../cli/command.ts';

/** One bar for each stretch of time. */
export interface Bar {
  /** Null where there is nothing to measure. */
  readonly value: number | null;
  /** A sign below it, such as `x` for a loss. */
  readonly mark?: string;
}

export interface ChartOptions extends Pick<TextStyle, 'columns' | 'ascii'> {
  readonly bars: readonly Bar[];
  /** The text of a value, for the scale. */
  readonly text: (value: number) => string;
  /** Below the first and the last bar. */
  readonly from: string;
  readonly to: string;
}

const rows = 6;
const eighths = ' ▁▂▃▄▅▆▇█';

/** Bars over time with a scale at the left, as wide as the terminal at most; empty where nothing was measured. */
export function chartText(options: ChartOptions): string {
  const { text, from, to, columns } = options;
  const highest = Math.max(0, ...options.bars.map(({ value }) => value ?? 0));
  if (highest === 0) return '';
  const scale = [text(highest), text(0)];
  const left = Math.max(...scale.map((one) => one.length));
  const bars = fitted(options.bars, Math.max(10, columns - left - 3));
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = row === 0 ? scale[0] : row === rows - 1 ? scale[1] : '';
    const cells = bars.map(({ value }) => cell(value, highest, rows - 1 - row, options.ascii === true));
    return `${(label ?? '').padStart(left)} ${options.ascii === true ? '|' : '┤'}${cells.join('')}`;
  });
  const marks = bars.map(({ mark = ' ' }) => mark).join('');
  const indent = ' '.repeat(left + 2);
  const times = `${indent}${from}${to.padStart(Math.max(to.length + 1, bars.length - from.length))}`;
  return [...lines, ...(marks.trim() === '' ? [] : [`${indent}${marks}`]), times]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Of bars that must share a column the highest is shown, and any mark. */
function fitted(bars: readonly Bar[], room: number): readonly Bar[] {
  const each = Math.ceil(bars.length / room);
  if (each <= 1) return bars;
  return Array.from({ length: Math.ceil(bars.length / each) }, (_, column) => {
    const heap = bars.slice(column * each, (column + 1) * each);
    const values = heap.map(({ value }) => value).filter((value) => value !== null);
    const mark = heap.map((bar) => bar.mark).find((one) => one !== undefined && one.trim() !== '');
    return {
      value: values.length === 0 ? null : Math.max(...values),
      ...(mark === undefined ? {} : { mark }),
    };
  });
}

/** What of a bar lies in one row, counted from below; what was measured is never invisible. */
function cell(value: number | null, highest: number, row: number, ascii: boolean): string {
  if (value === null) return ' ';
  const filled = Math.max(1, Math.round((value / highest) * rows * 8)) - row * 8;
  if (ascii) return filled >= 4 || (row === 0 && filled > 0) ? '#' : ' ';
  return eighths[Math.min(8, Math.max(0, filled))] ?? ' ';
}
