import { MigrationError, type Migrated, type MigrationQuery } from './migration-error.ts';
import { recordedSchema, type RecordedSchema } from './recorded.ts';

/**
 * What `migrate up` (golang-migrate) does at the start of web.
 *
 * @param query runs one statement in the app's database (CLICKHOUSE_DB); rows as objects for SELECT
 * @param version the image's tag, for example 3.199.0
 * @throws MigrationError with golang-migrate's text: dirty version, database ahead of the image
 */
export async function migrateClickHouse(query: MigrationQuery, version: string): Promise<Migrated> {
  const schema = await recordedSchema(version);
  const found = schema.clickhouseVersion;
  if (found === 0) return { found, applied: 0 };
  const current = await currentVersion(query);
  if (current.dirty)
    throw new MigrationError(`error: Dirty database version ${current.version}. Fix and force version.`);
  if (current.version > found) throw ahead(current.version);
  if (current.version === found) return { found, applied: 0 };
  for (const statement of await statementsFrom(schema, current.version)) await query(statement);
  await query(insertHistory(current.version + 1, found));
  return { found, applied: found - current.version };
}

/** The way from the recorded version that the database is at, or all tables that are not there. */
async function statementsFrom(schema: RecordedSchema, version: number): Promise<readonly string[]> {
  const { upgrade } = schema;
  if (upgrade === undefined || version === 0) return await schema.clickhouseSql();
  const before = await recordedSchema(upgrade.from);
  return before.clickhouseVersion === version ? await upgrade.clickhouseSql() : await schema.clickhouseSql();
}

function ahead(version: number): MigrationError {
  return new MigrationError(
    `error: no migration found for version ${version}: read down for version ${version} .: file does not exist`,
  );
}

/** The newest row of the append log; version 0 when there is none yet. */
async function currentVersion(query: MigrationQuery): Promise<{ version: number; dirty: boolean }> {
  await query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (version Int64, dirty UInt8, sequence UInt64) ' +
      'ENGINE = MergeTree ORDER BY sequence',
  );
  const rows = await query('SELECT version, dirty FROM schema_migrations ORDER BY sequence DESC LIMIT 1');
  const newest = rows?.[0];
  return newest === undefined
    ? { version: 0, dirty: false }
    : { version: Number(newest['version']), dirty: Number(newest['dirty']) === 1 };
}

/** golang-migrate appends (version, 1) before and (version, 0) after each migration. */
function insertHistory(from: number, to: number): string {
  const rows = Array.from({ length: 2 * (to - from + 1) }, (_, index) => {
    const dirty = index % 2 === 0 ? 1 : 0;
    return `(${from + Math.floor(index / 2)}, ${dirty}, toUnixTimestamp64Nano(now64(9)) + ${index})`;
  });
  return `INSERT INTO schema_migrations (version, dirty, sequence) VALUES ${rows.join(', ')}`;
}
