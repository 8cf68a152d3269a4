/** One line a row; tabs and line breaks inside a value become spaces, so that columns stay columns. */
export const toTsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((cell) => cell.replaceAll(/[\t\r\n]+/g, ' ')).join('\t')}\n`).join('');
