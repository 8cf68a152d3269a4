import { describe, expect, it } from 'vitest';
import { columnsText, wrapText } from '../../src/cli/layout.ts';
import { bytesText, millisecondsText } from '../../src/render/amounts.ts';
import { cleanText } from '../../src/render/clean.ts';
import { keyValueText, tableText, widthOf } from '../../src/render/table.ts';
import { toTsv } from '../../src/render/tsv.ts';

const rows = [
  ['langfuse-web', 'ready', 'a long text that has to be wrapped on a narrow terminal'],
  ['worker', 'down', ''],
];
const head = ['name', 'state', 'detail'];

describe('tables', () => {
  it('are columns under small heads, without lines', () => {
    expect(tableText(head, rows, { color: false, columns: 100 })).toBe(
      [
        'NAME          STATE  DETAIL',
        'langfuse-web  ready  a long text that has to be wrapped on a narrow terminal',
        'worker        down',
        '',
      ].join('\n'),
    );
  });

  it.each([60, 40, 30, 20])('fit in %i columns', (columns) => {
    const text = tableText(head, rows, { color: false, columns });
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    expect(text).toContain('langfuse-web');
    expect(text).toContain('narrow');
  });

  it('wrap words rather than break names', () => {
    const long = 'ingress.loadBalancerIdleSeconds';
    const text = tableText(['a', 'b'], [[long, 'found by looking at the class of the ingress']], {
      color: false,
      columns: 50,
    });
    expect(text).toContain(`${long}  found by`);
  });

  it('break only words that are longer than their column', () => {
    const text = tableText(['a', 'b'], [['x'.repeat(50), 'y']], { color: false, columns: 30 });
    expect(text).toBe(`A                            B\n${'x'.repeat(27)}  y\n${'x'.repeat(23)}\n`);
  });

  it('have no colour codes where there is no colour', () => {
    expect(tableText(head, rows, { color: false, columns: 80 })).not.toContain('\u001B');
    expect(tableText(head, rows, { color: true, columns: 80 })).toContain('\u001B');
  });

  it('are nothing without rows', () => {
    expect(tableText(head, [], { color: false, columns: 80 })).toBe('');
  });
});

describe('text', () => {
  it('is wrapped at words, and a long word stays whole', () => {
    expect(wrapText('one two https://example.com/a/very/long/path three', 20, '  ')).toBe(
      '  one two\n  https://example.com/a/very/long/path\n  three\n',
    );
    expect(wrapText('', 20, '')).toBe('');
  });

  it('goes below its name on a narrow terminal', () => {
    expect(columnsText([['--a-long-flag VALUE', 'what it does']], 40)).toBe(
      '  --a-long-flag VALUE\n      what it does\n',
    );
    expect(columnsText([['-a', 'what it does']], 40)).toBe('  -a  what it does\n');
  });

  it('in pairs is aligned', () => {
    expect(
      keyValueText(
        [
          ['a', 'one'],
          ['long', 'two words'],
        ],
        { color: false, columns: 80 },
      ),
    ).toBe('a     one\nlong  two words\n');
  });

  it('from elsewhere cannot steer the terminal', () => {
    expect(cleanText('a\u001B[2Jb\u001B]0;title\u0007c\r\n\td\u0000\u202Ee')).toBe('abc de');
  });
});

describe('amounts', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1234, '1.2 s'],
    [125_000, '2 m 05 s'],
  ])('%i ms is %s', (ms, text) => {
    expect(millisecondsText(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [1536, '1.5 KiB'],
    [1024 ** 3 * 200, '200 GiB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it('of columns in TSV do not change by what is in them', () => {
    expect(
      toTsv([
        ['a\tb', 'c\r\nd'],
        ['', 'e'],
      ]),
    ).toBe('a b\tc d\n\te\n');
  });
});
