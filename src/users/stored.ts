import type { PostgresStatement } from '../ports/postgres.ts';
import type { Kept } from './row-step.ts';

/** Table names come from the catalogue of the database, and are quoted as it quotes them. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A row as it was, with every column that it had. */
export const putBack = (table: string, row: Kept): PostgresStatement => ({
  sql: `INSERT INTO ${quoted(table)} SELECT * FROM jsonb_populate_record(NULL::${quoted(table)}, $1::jsonb)`,
  parameters: [JSON.stringify(row)],
  rows: 1,
});

/** Deletes a row that still is exactly as it was looked at. */
export const deleteSame = (table: string, id: string, row: Kept): PostgresStatement => ({
  sql: `DELETE FROM ${quoted(table)} t WHERE t.id = $1 AND to_jsonb(t) = $2::jsonb`,
  parameters: [id, JSON.stringify(row)],
  rows: 1,
});
