import type { PostgresPort } from '../ports/postgres.ts';
import { liveColumns } from '../tenancy/rows.ts';
import type { StoredLinks, StoredRows } from './references.ts';
import { keptAtMost } from './references.ts';
import { quoted } from './stored.ts';

/** Columns that hold a user's id without a foreign key: the rows stay, and go on naming who is no longer there. */
const mentions = [
  { table: 'audit_logs', column: 'user_id', words: 'rows of the audit log' },
  { table: 'prompts', column: 'created_by', words: 'prompt versions' },
  { table: 'comments', column: 'author_user_id', words: 'comments' },
  { table: 'batch_exports', column: 'user_id', words: 'exports' },
] as const;

const counted = 10_000;

const amount = (count: number, most: number): string =>
  count > most ? `more than ${String(most)}` : String(count);

/** What stays and still names the user, in words. */
export async function leftoverNotes(postgres: PostgresPort, userId: string): Promise<string[]> {
  const tables = mentions.map(({ table }) => table);
  const columns = await liveColumns(postgres, tables);
  const found: string[] = [];
  for (const { table, column, words } of mentions) {
    if (!columns[table].has(column)) continue;
    const rows = await postgres.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (SELECT 1 FROM ${quoted(table)} WHERE ${quoted(column)} = $1
       LIMIT ${String(counted + 1)}) AS mention`,
      [userId],
    );
    const count = rows[0]?.count ?? 0;
    if (count > 0) found.push(`${amount(count, counted)} ${words}`);
  }
  return found.length === 0 ? [] : [`what stays and goes on naming its id ${userId}: ${found.join(', ')}`];
}

/** What goes along with the user, and what loses it. */
export function lossNotes(rows: readonly StoredRows[], links: readonly StoredLinks[]): string[] {
  const going = rows.map(({ table, rows: some }) => `${amount(some.length, keptAtMost)} of ${table}`);
  const keys = links.find(({ table }) => table === 'api_keys')?.ids.length ?? 0;
  const losing = links.map(
    ({ table, column, ids }) => `${amount(ids.length, keptAtMost)} of ${table}.${column}`,
  );
  return [
    ...(going.length === 0 ? [] : [`rows that go with it: ${going.join(', ')}`]),
    ...(losing.length === 0 ? [] : [`rows that lose it as their author: ${losing.join(', ')}`]),
    ...(keys === 0
      ? []
      : [`${amount(keys, keptAtMost)} API keys that it made stay valid; see lfctl key list`]),
  ];
}
