import type { ParsedOptions, ToolContext } from './tool.ts';

interface SqlResult {
  readonly command: string | null;
  readonly rowCount: number | null;
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Type ids of numbers, which psql sets to the right: int8, int2, int4, oid, float4, float8, numeric. */
const numeric = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** Prints a result as psql does: aligned, or plain with -A and -t. */
export function printResult(result: unknown, options: ParsedOptions, context: ToolContext): void {
  const { command, rowCount, fields, rows } = result as SqlResult;
  if (fields.length === 0) {
    const count =
      command === 'INSERT'
        ? `0 ${rowCount}`
        : ['UPDATE', 'DELETE', 'SELECT'].includes(command ?? '')
          ? `${rowCount}`
          : '';
    if (!options.has('-q', '--quiet')) context.stdout(`${[command, count].filter(Boolean).join(' ')}\n`);
    return;
  }
  const texts = rows.map((row) => row.map(textOf));
  const tuplesOnly = options.has('-t', '--tuples-only');
  const names = fields.map(({ name }) => name);
  const footer = `(${rows.length} row${rows.length === 1 ? '' : 's'})\n`;
  if (options.has('-A', '--no-align')) {
    const separator = options.value('-F', '--field-separator') ?? '|';
    const lines = tuplesOnly ? texts : [names, ...texts];
    context.stdout(lines.map((line) => `${line.join(separator)}\n`).join('') + (tuplesOnly ? '' : footer));
    return;
  }
  context.stdout(aligned(fields, texts, tuplesOnly) + (tuplesOnly ? '\n' : `${footer}\n`));
}

function aligned(
  fields: SqlResult['fields'],
  rows: readonly (readonly string[])[],
  tuplesOnly: boolean,
): string {
  const widths = fields.map(({ name }, column) =>
    Math.max(tuplesOnly ? 0 : name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const center = (text: string, width: number): string =>
    text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
  const line = (cells: readonly string[]): string => ` ${cells.join(' | ')}`.trimEnd();
  const body = rows.map((row) =>
    line(
      row.map((text, column) => {
        const width = widths[column] ?? 0;
        return numeric.has(fields[column]?.dataTypeID ?? 0) ? text.padStart(width) : text.padEnd(width);
      }),
    ),
  );
  if (tuplesOnly) return body.map((each) => `${each}\n`).join('');
  const head = ` ${fields.map(({ name }, column) => center(name, widths[column] ?? 0)).join(' | ')} `;
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  return [head, rule, ...body].map((each) => `${each}\n`).join('');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '+00');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
