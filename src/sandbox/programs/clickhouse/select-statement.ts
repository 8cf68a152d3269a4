import { firstWord, frameWords } from './sql-words.ts';

/** A statement with its FORMAT clause taken out. */
export interface Statement {
  readonly kind: 'select' | 'other';
  /** What comes before FORMAT, and what follows it (SETTINGS). */
  readonly before: string;
  readonly after: string;
  /** From the clause, else the request's default. */
  readonly format: string;
  readonly text: string;
}

/** Takes a statement apart; `defaultFormat` holds where it names none. */
export function readStatement(sql: string, defaultFormat: string): Statement {
  const text = sql.trim().replace(/(?:\s*;)+$/, '');
  const kind = ['SELECT', 'WITH'].includes(firstWord(text)) ? 'select' : 'other';
  const clause = formatClause(text);
  if (clause === null) return { kind, before: text, after: '', format: defaultFormat, text };
  return {
    kind,
    before: text.slice(0, clause.start),
    after: text.slice(clause.end),
    format: clause.format,
    text,
  };
}

/** The last `FORMAT name` of the frame, with nothing but SETTINGS after it. */
function formatClause(text: string): { start: number; end: number; format: string } | null {
  const words = [...frameWords(text)];
  for (const [index, { word, start }] of words.entries()) {
    const name = words[index + 1];
    if (word !== 'FORMAT' || name === undefined) continue;
    const rest = withoutComments(text.slice(name.end));
    if (rest !== '' && !/^SETTINGS\b/i.test(rest)) continue;
    return { start, end: name.end, format: text.slice(name.start, name.end) };
  }
  return null;
}

function withoutComments(text: string): string {
  return text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim();
}

/** The same SELECT with its answer written to a file, in any format and however large. */
export function selectIntoFile({ before, after, format }: Statement, file: string): string {
  const path = file.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `${before}\nINTO OUTFILE '${path}' TRUNCATE COMPRESSION 'none' FORMAT ${format} ${after}`;
}

/** Formats without head, foot or separators, whose parts may simply follow each other. */
const rowFormats = new Set([
  'tabseparated',
  'tsv',
  'tabseparatedraw',
  'tsvraw',
  'csv',
  'tskv',
  'jsoneachrow',
  'jsonlines',
  'ndjson',
  'jsonstringseachrow',
  'jsoncompacteachrow',
  'jsoncompactstringseachrow',
  'lineasstring',
  'rowbinary',
]);

/** Table functions that go out to other servers: the start of a stream would wait for them on the main thread. */
const remote =
  /\b(?:s3|s3Cluster|gcs|url|remote|remoteSecure|postgresql|mysql|mongodb|redis|hdfs|azureBlobStorage)\s*\(/i;

/** Whether the answer can be sent while it is made. */
export function streams(statement: Statement): boolean {
  return (
    statement.kind === 'select' &&
    rowFormats.has(statement.format.toLowerCase()) &&
    !remote.test(statement.text) &&
    !/\bWITH\s+TOTALS\b/i.test(statement.text)
  );
}
