import { cuid } from './ids.ts';
import type { Postgres, SqlRow } from './postgres.ts';

/**
 * Writes one row as Prisma's `create` does: the id is made here, an undefined field is left to the column's default,
 * an object goes into a jsonb column.
 *
 * @returns the whole row, by column
 * @throws PrismaError
 */
export async function insertRow<Row extends SqlRow>(
  postgres: Postgres,
  table: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<Row> {
  const given = Object.entries({ id: cuid(), ...fields }).filter(([, value]) => value !== undefined);
  const columns = given.map(([name]) => name).join(', ');
  const places = given.map((_, index) => `$${index + 1}`).join(', ');
  const values = given.map(([, value]) => value);
  const sql = `INSERT INTO ${table} (${columns}) VALUES (${places}) RETURNING *`;
  const [row] = await postgres.query<Row>(sql, values);
  if (row === undefined) throw new Error(`nothing was written to ${table}`);
  return row;
}
