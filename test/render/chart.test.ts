import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/render/chart.ts';
import { chartText } from '../../src/render/chart.ts';

const draw = (bars: readonly Bar[], look: { ascii?: boolean; columns?: number } = {}): string[] =>
  chartText({ bars, text: (value) => `${value} s`, from: '0', to: 'end', columns: 80, ...look }).split('\n');

const bars = (...values: (number | null)[]): Bar[] => values.map((value) => ({ value }));

describe('a chart of bars', () => {
  it('is as high as its highest, and shows what is small', () => {
    const lines = draw(bars(12, 6, 0, null));
    expect(lines[0]).toBe('12 s ┤█');
    expect(lines[2]).toBe('     ┤█');
    expect(lines[3]).toBe('     ┤██');
    expect(lines[5]).toBe(' 0 s ┤██▁');
    expect(lines[6]).toBe('      0 end');
  });

  it('does with ASCII', () => {
    const lines = draw(bars(12, 6, 0.01, null), { ascii: true });
    expect(lines.join('')).toMatch(/^[\x20-\x7E]*$/);
    expect(lines[0]).toBe('12 s |#');
    expect(lines[5]).toBe(' 0 s |###');
  });

  it('keeps the highest and the marks where bars share a column, within the width', () => {
    const many = Array.from({ length: 200 }, (_, index): Bar => ({
      value: index === 101 ? 50 : 1,
      ...(index === 150 ? { mark: 'x' } : {}),
    }));
    const lines = draw(many, { columns: 40 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines[0]).toContain('█');
    expect(lines.some((line) => /^ +x$/.test(line))).toBe(true);
  });

  it('is nothing where nothing was measured', () => {
    expect(draw(bars(null, null))).toEqual(['']);
    expect(draw([])).toEqual(['']);
  });
});
