/** Words broken into lines, each with the indent. A word longer than a line stays whole: it may be a path or a URL. */
export function wrapText(text: string, columns: number, indent: string): string {
  const width = Math.max(columns - indent.length, 16);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((one) => `${indent}${one}\n`).join('');
}

/** Two columns; on a narrow terminal the right one goes below the left. */
export function columnsText(rows: readonly (readonly [string, string])[], columns: number): string {
  const left = Math.max(...rows.map(([name]) => name.length), 0) + 4;
  const narrow = columns - left < 28;
  return rows
    .map(([name, text]) => {
      if (narrow) return `  ${name}\n${wrapText(text, columns, '      ')}`;
      const wrapped = wrapText(text, columns, ' '.repeat(left));
      return `  ${name}${wrapped.slice(name.length + 2)}`;
    })
    .join('');
}
