import type { PostgresPort } from '../ports/postgres.ts';
import type { Kept } from './row-step.ts';
import { isKept } from './row-step.ts';
import { quoted } from './stored.ts';

/** A column that points at users, and what becomes of its rows when a user is deleted. */
export interface Reference {
  readonly table: string;
  readonly column: string;
  /** `goes`: ON DELETE CASCADE; `stays`: ON DELETE SET NULL, the row loses its user. */
  readonly fate: 'goes' | 'stays';
}

/** Foreign keys on users as this database has them: releases add some with almost every minor version. */
export async function userReferences(postgres: PostgresPort): Promise<Reference[]> {
  return await postgres.query<Reference>(
    `SELECT c.relname AS "table", a.attname AS "column",
       CASE k.confdeltype WHEN 'c' THEN 'goes' ELSE 'stays' END AS fate
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND k.confrelid = 'users'::regclass AND cardinality(k.conkey) = 1
       AND k.confdeltype IN ('c', 'n')
     ORDER BY 1, 2`,
  );
}

/** Rows that go with a user, to be put back by an undo. */
export interface StoredRows {
  readonly table: string;
  readonly column: string;
  readonly rows: readonly Kept[];
}

/** Rows that lose their user: an undo gives it back to those that have none by then. */
export interface StoredLinks {
  readonly table: string;
  readonly column: string;
  readonly ids: readonly string[];
}

/** Tokens of identity providers are secrets, and Langfuse does not use them after the sign-in. */
const secretColumns = ['access_token', 'refresh_token', 'id_token', 'session_state'];
/** Cookies hold the sessions; what an adapter left in this table is a secret and of no use. */
const forgotten = new Set(['Session']);
/** A journal is a Secret, which holds a megabyte. */
export const keptAtMost = 500;

/** What deleting the user takes along, as far as it can be kept. */
export async function rowsThatGo(
  postgres: PostgresPort,
  references: readonly Reference[],
  userId: string,
): Promise<StoredRows[]> {
  const found: StoredRows[] = [];
  for (const { table, column, fate } of references) {
    if (fate !== 'goes' || forgotten.has(table)) continue;
    const rows = await postgres.query<{ row: unknown }>(
      `SELECT to_jsonb(t) - $2::text[] AS row FROM ${quoted(table)} t WHERE t.${quoted(column)} = $1
       LIMIT ${String(keptAtMost + 1)}`,
      [userId, secretColumns],
    );
    if (rows.length > 0) found.push({ table, column, rows: rows.map(({ row }) => asKept(row)) });
  }
  return found.sort((left, right) => rank(left.table) - rank(right.table));
}

const asKept = (row: unknown): Kept => {
  const json = row as Kept[string];
  return isKept(json) ? json : {};
};

/** Roles in projects hang on memberships. */
const rank = (table: string): number =>
  table === 'organization_memberships' ? 0 : table === 'project_memberships' ? 1 : 2;

/** What will lose its user. */
export async function linksThatGo(
  postgres: PostgresPort,
  references: readonly Reference[],
  userId: string,
): Promise<StoredLinks[]> {
  const found: StoredLinks[] = [];
  for (const { table, column, fate } of references) {
    if (fate !== 'stays') continue;
    const rows = await postgres.query<{ id: string }>(
      `SELECT id FROM ${quoted(table)} WHERE ${quoted(column)} = $1 ORDER BY id LIMIT ${String(keptAtMost + 1)}`,
      [userId],
    );
    if (rows.length > 0) found.push({ table, column, ids: rows.map(({ id }) => id) });
  }
  return found;
}
