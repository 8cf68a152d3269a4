import { frameWords } from './sql-words.ts';

/** An INSERT whose rows come in the request, taken apart at the places that matter. */
export interface InsertStatement {
  /** Up to the table and its columns. */
  readonly target: string;
  /** `SETTINGS …` as given, or empty. */
  readonly settings: string;
  readonly format: string;
  /** Where the rows begin in the text, when they follow the statement. */
  readonly dataStart: number;
}

/**
 * Reads an INSERT with FORMAT or VALUES. Null when it is another statement, or brings its rows by itself (SELECT,
 * FROM INFILE).
 *
 * @param head the beginning of the statement; what follows may be megabytes of rows
 */
export function readInsert(head: string): InsertStatement | null {
  const words = frameWords(head);
  if (words.next().value?.word !== 'INSERT') return null;
  let settingsStart: number | null = null;
  for (const { word, start, end } of words) {
    if (word === 'SELECT' || word === 'WITH' || word === 'INFILE' || word === 'WATCH') return null;
    if (word === 'SETTINGS') settingsStart ??= start;
    const target = head.slice(0, settingsStart ?? start).trim();
    const settings = settingsStart === null ? '' : head.slice(settingsStart, start).trim();
    if (word === 'VALUES') return { target, settings, format: 'Values', dataStart: end };
    if (word !== 'FORMAT') continue;
    const format = /^\s+([A-Za-z0-9_]+)(?:[ \t]*\r?\n|[ \t]*;[ \t]*\r?\n|\s*;\s*$|\s*)/.exec(head.slice(end));
    if (format?.[1] === undefined) continue;
    return { target, settings, format: format[1], dataStart: end + format[0].length };
  }
  return null;
}

/** The same INSERT with its rows in a file, which the engine reads block by block. */
export function insertFromFile({ target, settings, format }: InsertStatement, file: string): string {
  const path = file.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `${target} FROM INFILE '${path}' COMPRESSION 'none' ${settings} FORMAT ${format}`;
}
