import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresProgram } from '../../../src/sandbox/programs/postgres.ts';
import {
  migrateClickHouse,
  migratePostgres,
  MigrationError,
  type MigrationQuery,
} from '../../../src/sandbox/schema/apply.ts';
import {
  bundleRunner,
  endAll,
  removeRunner,
  startClickHouse,
  type ClickHouseProcess,
} from './clickhouse-process.ts';
import { eventually, runProgram, testFolder, type RunningProgram } from './host.ts';

const recordings = 'test/fixtures/captures/schema';
let folder: Awaited<ReturnType<typeof testFolder>>;

beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

async function recording<Shape>(name: string): Promise<Shape> {
  return JSON.parse(await readFile(join(recordings, `${name}.json`), 'utf8')) as Shape;
}

interface PostgresRecording {
  readonly tables: Readonly<Record<string, unknown>>;
  readonly enums: unknown;
  readonly migrations: readonly string[];
  readonly backgroundMigrations: readonly { readonly name: string }[];
}

describe('the Postgres schema', () => {
  let server: RunningProgram;
  const open: Client[] = [];

  beforeAll(async () => {
    server = runProgram(postgresProgram, {
      folder: join(folder.path, 'postgres-root'),
      mounts: { '/var/lib/postgresql/data': join(folder.path, 'postgres') },
      env: { POSTGRES_USER: 'langfuse', POSTGRES_PASSWORD: 'secret', POSTGRES_DB: 'langfuse' },
    });
    await eventually(async () => (await connected('langfuse')).query('SELECT 1'));
  });
  afterAll(async () => {
    await Promise.all(open.map((client) => client.end().catch(() => undefined)));
    await server.stop();
  });

  async function connected(database: string): Promise<Client> {
    const client = new Client({ host: server.address, user: 'langfuse', password: 'secret', database });
    await client.connect();
    // The server ends before its clients do.
    client.on('error', () => undefined);
    open.push(client);
    return client;
  }

  let made = 0;
  async function emptyDatabase(): Promise<{ client: Client; query: MigrationQuery; database: string }> {
    const database = `schema_${(made += 1)}`;
    await (await connected('langfuse')).query(`CREATE DATABASE ${database}`);
    const client = await connected(database);
    return { client, database, query: queryOf(client) };
  }
  const queryOf =
    (client: Client): MigrationQuery =>
    async (sql) =>
      (await client.query(sql)).rows as Record<string, unknown>[];

  it.each(['2.95.12', '3.199.0', '4.16.0'])('of %s is the recorded one, table by table', async (version) => {
    const recorded = await recording<PostgresRecording>(`postgres-${version}`);
    const { client, query } = await emptyDatabase();
    const total = recorded.migrations.length;
    expect(await migratePostgres(query, version)).toEqual({ found: total, applied: total });
    expect(await tablesOf(client)).toEqual(recorded.tables);
    expect(await enumsOf(client)).toEqual(recorded.enums);
    const done = await client.query(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY migration_name',
    );
    expect(done.rows.map(({ name }: { name: string }) => name)).toEqual([...recorded.migrations].sort());
    const background = await client.query(
      'SELECT name, script, args, state FROM background_migrations ORDER BY name',
    );
    expect(background.rows).toEqual(recorded.backgroundMigrations);
    const unfinished = await client.query('SELECT name FROM background_migrations WHERE finished_at IS NULL');
    expect(unfinished.rows).toHaveLength({ '2.95.12': 4, '3.199.0': 0, '4.16.0': 1 }[version] ?? NaN);
  });

  it.each([
    ['2.95.12', '3.199.0'],
    ['3.199.0', '4.16.0'],
    ['2.95.12', '4.16.0'],
  ])('goes from %s to %s, table by table', async (from, to) => {
    const recorded = await recording<PostgresRecording>(`postgres-${to}`);
    const { client, query } = await emptyDatabase();
    const { found: before } = await migratePostgres(query, from);
    const found = recorded.migrations.length;
    expect(await migratePostgres(query, to)).toEqual({ found, applied: found - before });
    expect(await tablesOf(client)).toEqual(recorded.tables);
    expect(await enumsOf(client)).toEqual(recorded.enums);
    const background = await client.query('SELECT name FROM background_migrations ORDER BY name');
    expect(background.rows).toEqual(recorded.backgroundMigrations.map(({ name }) => ({ name })));
    expect(await migratePostgres(query, to)).toEqual({ found, applied: 0 });
  });

  it('keeps rows on the way from 3 to 4, but not those of the legacy tracing tables', async () => {
    const { client, query } = await emptyDatabase();
    await migratePostgres(query, '3.199.0');
    await client.query(`INSERT INTO organizations (id, name) VALUES ('o', 'O');
      INSERT INTO projects (id, name, org_id, retention_days) VALUES ('p', 'P', 'o', 30);
      INSERT INTO media (id, sha_256_hash, project_id, bucket_path, bucket_name, content_type, content_length)
      VALUES ('m', repeat('x', 44), 'p', 'a', 'b', 'image/png', 1);
      INSERT INTO trace_media (id, project_id, media_id, trace_id, field) VALUES ('l', 'p', 'm', 't', 'input');
      INSERT INTO traces (id, project_id) VALUES ('t', 'p')`);
    await migratePostgres(query, '4.16.0');
    const kept = await client.query(
      'SELECT retention_days, origin::text FROM projects JOIN trace_media ON project_id = projects.id',
    );
    expect(kept.rows).toEqual([{ retention_days: 30, origin: 'UNKNOWN' }]);
    const gone = await client.query(`SELECT to_regclass('public.traces') AS traces`);
    expect(gone.rows).toEqual([{ traces: null }]);
  });

  it('gives old prices their tier on the way from 2 to 3', async () => {
    const { client, query } = await emptyDatabase();
    await migratePostgres(query, '2.95.12');
    await client.query(`INSERT INTO models (id, model_name, match_pattern) VALUES ('m', 'gpt', 'gpt');
      INSERT INTO prices (id, model_id, usage_type, price) VALUES ('1', 'm', 'input', 1)`);
    await migratePostgres(query, '3.199.0');
    const prices = await client.query('SELECT pricing_tier_id FROM prices');
    expect(prices.rows).toEqual([{ pricing_tier_id: 'm_tier_default' }]);
  });

  it('is left alone where it is already', async () => {
    const { query } = await emptyDatabase();
    await migratePostgres(query, '3.199.0');
    expect(await migratePostgres(query, '3.199.0')).toEqual({ found: 410, applied: 0 });
    // A patch release brings the same schema.
    expect(await migratePostgres(query, '3.199.1')).toEqual({ found: 410, applied: 0 });
  });

  it('stops at a failed migration until it is resolved', async () => {
    const { client, query } = await emptyDatabase();
    await migratePostgres(query, '3.199.0');
    const row = "migration_name = '20230518191501_init'";
    await client.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE ${row}`);
    const failure = await migratePostgres(query, '3.199.0').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationError);
    expect((failure as Error).message).toMatch(
      /^Error: P3009\n\nmigrate found failed migrations in the target database, new migrations will not be applied[\s\S]*\nThe `20230518191501_init` migration started at \d{4}-\d\d-\d\d [\d:.]+ UTC failed$/,
    );
    await client.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE ${row}`);
    expect(await migratePostgres(query, '3.199.0')).toEqual({ found: 410, applied: 1 });
  });

  it('refuses a database of something else', async () => {
    const { client, query } = await emptyDatabase();
    await client.query('CREATE TABLE orders (id int)');
    await expect(migratePostgres(query, '3.199.0')).rejects.toThrow(/P3005[\s\S]*schema is not empty/);
  });

  it('cannot go on where a table of the version is gone', async () => {
    const { client, query } = await emptyDatabase();
    await migratePostgres(query, '3.199.0');
    await client.query(
      "DROP TABLE surveys; DELETE FROM _prisma_migrations WHERE migration_name LIKE '%init'",
    );
    await expect(migratePostgres(query, '3.199.0')).rejects.toThrow(
      /P3018[\s\S]*relation "surveys" does not exist/,
    );
  });

  it('lets two instances start at once: one applies, the other finds it done', async () => {
    const { database } = await emptyDatabase();
    const queries = [queryOf(await connected(database)), queryOf(await connected(database))];
    const results = await Promise.all(queries.map((query) => migratePostgres(query, '3.199.0')));
    expect(results.map(({ applied }) => applied).sort((left, right) => left - right)).toEqual([0, 410]);
  });

  it('keeps nothing of a schema that could not be applied whole', async () => {
    const { client, query } = await emptyDatabase();
    const failing: MigrationQuery = (sql) =>
      query(sql.replace('CREATE TABLE "users"', 'CREATE TABLE nowhere.users'));
    await expect(migratePostgres(failing, '3.199.0')).rejects.toThrow(/nowhere/);
    expect(Object.keys(await tablesOf(client))).toEqual([]);
    expect(await migratePostgres(query, '3.199.0')).toEqual({ found: 410, applied: 410 });
  });

  it('has none for a generation that was never recorded', async () => {
    await expect(migratePostgres(async () => [], '9.0.0')).rejects.toThrow(
      'no schema is recorded for Langfuse 9.0.0',
    );
  });

  async function tablesOf(client: Client): Promise<Record<string, unknown>> {
    const found = await client.query(catalogSql);
    return Object.fromEntries(found.rows.map(({ name, ...table }: { name: string }) => [name, table]));
  }

  async function enumsOf(client: Client): Promise<unknown> {
    const found = await client.query(
      `SELECT typname AS name, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
       FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname`,
    );
    return Object.fromEntries(
      found.rows.map(({ name, labels }: { name: string; labels: string[] }) => [name, labels]),
    );
  }
});

/** The catalog in the form of the recordings. */
const catalogSql = `
SELECT c.relname AS name,
  (SELECT json_agg(json_strip_nulls(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
      'notNull', attnotnull, 'default', pg_get_expr(adbin, adrelid))) ORDER BY attnum)
   FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
   WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
  (SELECT coalesce(json_agg(json_build_object('name', conname, 'kind', contype, 'definition',
      pg_get_constraintdef(oid)) ORDER BY conname COLLATE "C"), '[]') FROM pg_constraint WHERE conrelid = c.oid) AS constraints,
  (SELECT coalesce(json_agg(indexdef ORDER BY indexname COLLATE "C"), '[]') FROM pg_indexes
   WHERE schemaname = 'public' AND tablename = c.relname) AS indexes
FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

interface ClickHouseRecording {
  readonly highestMigration: number;
  readonly tables: Readonly<Record<string, { readonly engine: string } & Readonly<Record<string, unknown>>>>;
}

describe('the ClickHouse schema', () => {
  let server: ClickHouseProcess;
  let client: ClickHouseClient;
  let made = 0;

  beforeAll(async () => {
    const runner = await bundleRunner('lfctl-schema');
    server = await startClickHouse({ runner, folder: join(folder.path, 'clickhouse') });
  });
  afterAll(async () => {
    endAll();
    await removeRunner('lfctl-schema');
  });
  beforeEach(async () => {
    const database = `schema_${(made += 1)}`;
    await server.client().command({ query: `CREATE DATABASE ${database}` });
    client = server.client({ database });
  });

  const query: MigrationQuery = async (sql) => {
    if (!sql.startsWith('SELECT')) return void (await client.command({ query: sql }));
    return (await client.query({ query: sql, format: 'JSONEachRow' })).json();
  };

  it.each(['3.199.0', '4.16.0'])('of %s is the recorded one, table by table', async (version) => {
    const recorded = await recording<ClickHouseRecording>(`clickhouse-${version}`);
    const { residentMb } = await server.memory();
    const total = recorded.highestMigration;
    expect(await migrateClickHouse(query, version)).toEqual({ found: total, applied: total });
    expect(await tablesOf()).toEqual(recorded.tables);
    const history = await query('SELECT version, dirty FROM schema_migrations ORDER BY sequence');
    expect(history).toHaveLength(2 * total);
    expect(history?.at(-1)).toEqual({ version: total, dirty: 0 });
    expect((await server.memory()).residentMb - residentMb).toBeLessThan(60);
  });

  it('goes from 3.199.0 to 4.16.0, table by table, and keeps rows', async () => {
    const recorded = await recording<ClickHouseRecording>('clickhouse-4.16.0');
    await migrateClickHouse(query, '3.199.0');
    const values = [{ id: '1', project_id: 'p', timestamp: '2026-01-01 10:20:00.000' }];
    await client.insert({ table: 'scores', format: 'JSONEachRow', values });
    expect(await migrateClickHouse(query, '4.16.0')).toEqual({ found: 46, applied: 12 });
    expect(await tablesOf()).toEqual(recorded.tables);
    expect(await query('SELECT id, ingestion_sdk_name FROM scores')).toEqual([
      { id: '1', ingestion_sdk_name: 'unknown' },
    ]);
  });

  it('serves rows through its analytics views', async () => {
    await migrateClickHouse(query, '3.199.0');
    await client.insert({
      table: 'traces',
      format: 'JSONEachRow',
      values: [{ id: '1', project_id: 'p', timestamp: '2026-01-01 10:20:00.000', user_id: 'u' }],
    });
    const [row] = (await query('SELECT hour, countTraces, hasUsers, hasTags FROM analytics_traces')) ?? [];
    expect(row).toEqual({ hour: '2026-01-01 10:00:00', countTraces: 1, hasUsers: 1, hasTags: 0 });
  });

  it('is left alone where it is already, and for Langfuse 2', async () => {
    await migrateClickHouse(query, '3.199.0');
    expect(await migrateClickHouse(query, '3.199.0')).toEqual({ found: 34, applied: 0 });
    expect(await migrateClickHouse(query, '2.95.12')).toEqual({ found: 0, applied: 0 });
  });

  it('stops at a dirty version until it is forced', async () => {
    await migrateClickHouse(query, '3.199.0');
    const append = (values: string): Promise<unknown> =>
      query(`INSERT INTO schema_migrations SELECT ${values}, toUnixTimestamp64Nano(now64(9)) + 1000000000`);
    await append('33, 1');
    await expect(migrateClickHouse(query, '3.199.0')).rejects.toThrow(
      /^error: Dirty database version 33\. Fix and force version\.$/,
    );
    await query('INSERT INTO schema_migrations SELECT 33, 0, max(sequence) + 1 FROM schema_migrations');
    expect(await migrateClickHouse(query, '3.199.0')).toEqual({ found: 34, applied: 1 });
  });

  it('refuses a database that is ahead of the image', async () => {
    await migrateClickHouse(query, '3.199.0');
    await query('INSERT INTO schema_migrations SELECT 37, 0, max(sequence) + 1 FROM schema_migrations');
    await expect(migrateClickHouse(query, '3.199.0')).rejects.toThrow(
      /^error: no migration found for version 37: read down for version 37 \.: file does not exist$/,
    );
  });

  async function tablesOf(): Promise<Record<string, unknown>> {
    const tables = (await query(
      `SELECT name, engine, if(engine LIKE '%View', '', engine_full) AS engineFull, partition_key AS partitionKey,
       sorting_key AS sortingKey, primary_key AS primaryKey FROM system.tables
       WHERE database = currentDatabase() AND name NOT LIKE '.inner%'`,
    )) as unknown as { name: string }[];
    const columns = (await query(
      `SELECT table, name, type, default_kind AS defaultKind, default_expression AS default,
       compression_codec AS codec FROM system.columns WHERE database = currentDatabase() ORDER BY table, position`,
    )) as unknown as { table: string }[];
    const indexes = (await query(
      `SELECT table, name, type, expr AS expression, toUInt32(granularity) AS granularity
       FROM system.data_skipping_indices WHERE database = currentDatabase()`,
    )) as unknown as { table: string }[];
    return Object.fromEntries(
      tables.map(({ name, ...table }) => [
        name,
        { ...table, columns: of(columns, name).map(withoutEmpty), indexes: of(indexes, name) },
      ]),
    );
  }

  function of<Row extends { table: string }>(rows: readonly Row[], name: string): Omit<Row, 'table'>[] {
    return rows.filter(({ table }) => table === name).map(({ table: _table, ...row }) => row);
  }

  function withoutEmpty(row: object): object {
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''));
  }
});
