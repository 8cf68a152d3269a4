import type { Postgres } from '../../langfuse/postgres.ts';

/** Columns by name; an undefined value leaves the column alone, null empties it. */
export type Columns = Readonly<Record<string, unknown>>;

const jsonColumns = new Set(['metadata', 'input', 'output', 'modelParameters']);

/**
 * One native upsert, as Prisma makes it.
 *
 * @param key columns of the row's unique key
 * @param onlyNew columns that an existing row keeps
 */
export async function upsert(
  postgres: Postgres,
  table: string,
  key: readonly string[],
  columns: Columns,
  onlyNew: readonly string[],
): Promise<void> {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => `"${name}"`).join(', ');
  const places = given.map((_, index) => `$${index + 1}`).join(', ');
  const kept = new Set([...key, ...onlyNew]);
  const changes = given.filter(([name]) => !kept.has(name)).map(([name]) => `"${name}" = EXCLUDED."${name}"`);
  await postgres.query(
    `INSERT INTO ${table} (${names}) VALUES (${places})
     ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${[...changes, 'updated_at = CURRENT_TIMESTAMP'].join(', ')}`,
    given.map(([name, value]) => stored(name, value)),
  );
}

function stored(column: string, value: unknown): unknown {
  return jsonColumns.has(column) && value !== null ? JSON.stringify(value) : value;
}

/** Null counts as not given: Langfuse writes `?? undefined` for it. */
export function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

/** A time of a body, or undefined. */
export function timeOf(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}
