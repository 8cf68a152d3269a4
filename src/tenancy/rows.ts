import { LfctlError } from '../errors/error.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';

/** Columns of a table as this server has it. */
export type Columns = ReadonlySet<string>;

const columnsSql = `
  SELECT c.relname AS "table", a.attname AS "column"
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
    AND c.relname = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped`;

/** Columns that each of the tables has; a table that is not there has none. Releases add and drop them. */
export async function liveColumns<Table extends string>(
  postgres: PostgresPort,
  tables: readonly Table[],
): Promise<Readonly<Record<Table, Columns>>> {
  const rows = await postgres.query<{ table: string; column: string }>(columnsSql, [[...tables]]);
  const of = (table: string): Columns =>
    new Set(rows.filter((row) => row.table === table).map(({ column }) => column));
  return Object.fromEntries(tables.map((table) => [table, of(table)])) as Record<Table, Columns>;
}

/** What a column may be given. A Date is written as UTC, as the app does. */
export type RowValue = string | number | boolean | Date | null | readonly string[];

/**
 * One new row with those of the values whose columns the table has; the others get their defaults.
 * @throws LfctlError POSTGRES_FAILED for a table that is not there
 */
export function insertRow(
  table: string,
  columns: Columns,
  values: Readonly<Record<string, RowValue>>,
): PostgresStatement {
  const given = Object.entries(values).filter(([column]) => columns.has(column));
  if (given.length === 0)
    throw new LfctlError('POSTGRES_FAILED', { message: `this Langfuse has no table ${table}` });
  const names = given.map(([column]) => `"${column}"`).join(', ');
  const places = given.map((_, index) => `$${String(index + 1)}`).join(', ');
  return {
    sql: `INSERT INTO "${table}" (${names}) VALUES (${places})`,
    parameters: given.map(([, value]) => parameterOf(value)),
    rows: 1,
  };
}

/** The driver writes a Date in this machine's zone; Langfuse's columns hold UTC without a zone, in milliseconds. */
export const parameterOf = (value: RowValue): unknown =>
  value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : value;
