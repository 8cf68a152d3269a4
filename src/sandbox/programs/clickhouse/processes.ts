import { firstWord } from './sql-words.ts';

/** Each request's own id is kept in the setting log_comment of its session; the engine's id is another. */
const clientId = "if(Settings['log_comment'] = '', query_id, Settings['log_comment'])";

const processes = `(SELECT * REPLACE (${clientId} AS query_id) FROM system.processes)`;

/** Texts are skipped: what they say is no part of the statement. */
const textOr = (pattern: string): RegExp => new RegExp(`'(?:\\\\[\\s\\S]|''|[^'\\\\])*'|${pattern}`, 'gi');
const idColumn = textOr('\\bquery_id\\b');
const fromProcesses = textOr('\\b(?:FROM|JOIN)\\s+`?system`?\\s*\\.\\s*`?processes`?(?!\\w)');

/**
 * Lets statements about running queries speak of the ids that clients gave: `KILL QUERY WHERE query_id = …`, and
 * any SELECT from system.processes.
 */
export function withClientQueryIds(sql: string): string {
  if (/^\s*KILL\s+QUERY\b/i.test(sql))
    return sql.replaceAll(idColumn, (found) => (isText(found) ? found : clientId));
  if (!['SELECT', 'WITH'].includes(firstWord(sql))) return sql;
  return sql.replaceAll(fromProcesses, (found) =>
    isText(found) ? found : `${found.slice(0, 4)} ${processes}`,
  );
}

function isText(found: string): boolean {
  return found.startsWith("'");
}
