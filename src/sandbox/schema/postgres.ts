import { createHash } from 'node:crypto';
import { MigrationError, type Migrated, type MigrationQuery } from './migration-error.ts';
import { recordedSchema, type RecordedSchema } from './recorded.ts';

/** Prisma's own lock, and how long it waits: https://pris.ly/d/migrate-advisory-locking */
const advisoryLock = 72707369;
const lockWaitMs = 10_000;

/** The columns of Prisma's table; nothing of it is in a foreign database. */
const migrationsTable = '_prisma_migrations';

/**
 * What `prisma migrate deploy` does at the start of web.
 *
 * @param query runs SQL on ONE connection (a lock is held between calls); the text may hold several statements
 * @param version the image's tag, for example 3.199.0
 * @throws MigrationError with Prisma's text: P3009 after a failed migration, P3005 on a foreign database,
 * P1002 when another instance holds the lock for 10 s, P3018 when the schema cannot be brought to the version
 */
export async function migratePostgres(query: MigrationQuery, version: string): Promise<Migrated> {
  const schema = await recordedSchema(version);
  await takeLock(query);
  try {
    const found = schema.postgresMigrations.length;
    return { found, applied: await deploy(query, schema) };
  } finally {
    await query(`SELECT pg_advisory_unlock(${advisoryLock})`).catch(() => undefined);
  }
}

async function takeLock(query: MigrationQuery): Promise<void> {
  try {
    await query(`SET lock_timeout = ${lockWaitMs}`);
    await query(`SELECT pg_advisory_lock(${advisoryLock})`);
    await query('SET lock_timeout = DEFAULT');
  } catch (error) {
    if (!(error instanceof Error && /lock timeout/.test(error.message))) throw error;
    throw new MigrationError(
      `Error: P1002\n\nThe database server was reached but timed out.\n\nPlease try again.\n\n` +
        `Context: Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(${advisoryLock})). ` +
        `Timeout: ${lockWaitMs}ms. See https://pris.ly/d/migrate-advisory-locking for details.`,
      { cause: error },
    );
  }
}

/** Resolves with the number of migrations that were missing. */
async function deploy(query: MigrationQuery, schema: RecordedSchema): Promise<number> {
  const tables = new Set(
    await names(query, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`),
  );
  if (!tables.has(migrationsTable)) return deployFromNothing(query, schema, tables);
  await refuseFailed(query);
  const known = new Set(
    await names(query, `SELECT migration_name AS name FROM ${migrationsTable} WHERE finished_at IS NOT NULL`),
  );
  const pending = schema.postgresMigrations.filter((name) => !known.has(name));
  if (pending.length === 0 || (await upgraded(query, schema, known))) return pending.length;
  const missing = schema.postgresTables.filter((name) => !tables.has(name));
  if (missing.length > 0) throw applyFailed(pending, missing);
  await query(insertFinished(pending));
  return pending.length;
}

/**
 * Brings a database from an older recorded version here, step by step. False where it is at none of them: something
 * of this version is in it already, or something of the older one is not.
 */
async function upgraded(
  query: MigrationQuery,
  schema: RecordedSchema,
  known: ReadonlySet<string>,
): Promise<boolean> {
  const { upgrade, postgresMigrations } = schema;
  if (upgrade === undefined) return false;
  const before = await recordedSchema(upgrade.from);
  const own = postgresMigrations.filter((name) => !before.postgresMigrations.includes(name));
  if (own.some((name) => known.has(name))) return false;
  const isThere = before.postgresMigrations.every((name) => known.has(name));
  if (!isThere && !(await upgraded(query, before, known))) return false;
  await query(`${await upgrade.postgresSql()}\n${insertFinished(own)}`);
  return true;
}

async function deployFromNothing(
  query: MigrationQuery,
  schema: RecordedSchema,
  tables: ReadonlySet<string>,
): Promise<number> {
  if (tables.size > 0)
    throw new MigrationError(
      'Error: P3005\n\nThe database schema is not empty. Read more about how to baseline an existing ' +
        'production database: https://pris.ly/d/migrate-baseline',
    );
  await query(`${await schema.postgresSql()}\n${insertFinished(schema.postgresMigrations)}`);
  return schema.postgresMigrations.length;
}

/** A row that neither finished nor was rolled back stops every later start. */
async function refuseFailed(query: MigrationQuery): Promise<void> {
  const rows = await query(
    `SELECT migration_name AS name, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS started
     FROM ${migrationsTable} WHERE finished_at IS NULL AND rolled_back_at IS NULL ORDER BY started_at`,
  );
  if (rows === undefined || rows.length === 0) return;
  const failed = rows.map(
    (row) => `The \`${text(row['name'])}\` migration started at ${text(row['started'])} UTC failed`,
  );
  throw new MigrationError(
    'Error: P3009\n\nmigrate found failed migrations in the target database, new migrations will not be applied. ' +
      'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n' +
      failed.join('\n'),
  );
}

/** What the recorded schema cannot mend by itself: a table of the version is gone, or never was. */
function applyFailed(pending: readonly string[], missing: readonly string[]): MigrationError {
  const name = pending[0] ?? '';
  return new MigrationError(
    'Error: P3018\n\nA migration failed to apply. New migrations cannot be applied before the error is recovered ' +
      'from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n' +
      `Migration name: ${name}\n\nDatabase error code: 42P01\n\nDatabase error:\n` +
      missing.map((table) => `ERROR: relation "${table}" does not exist`).join('\n'),
  );
}

/** One insert for all: 410 rows in a few milliseconds. The checksums of the real files are not recorded. */
function insertFinished(migrations: readonly string[]): string {
  const rows = migrations.map((name) => {
    const checksum = createHash('sha256').update(name).digest('hex');
    return `(gen_random_uuid(), '${checksum}', now(), '${name.replaceAll("'", "''")}', NULL, NULL, now(), 1)`;
  });
  return (
    `INSERT INTO ${migrationsTable} (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, ` +
    `applied_steps_count) VALUES\n${rows.join(',\n')}`
  );
}

async function names(query: MigrationQuery, sql: string): Promise<string[]> {
  return ((await query(sql)) ?? []).map((row) => text(row['name']));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
