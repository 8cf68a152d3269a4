import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../package-folder.ts';
import { MigrationError } from './migration-error.ts';

/** The schema of one Langfuse version as scripts/schema.mjs wrote it. */
export interface RecordedSchema {
  /** Names of the Prisma migrations, oldest first. */
  readonly postgresMigrations: readonly string[];
  readonly postgresTables: readonly string[];
  /** Number of the newest ClickHouse migration; 0 for Langfuse 2. */
  readonly clickhouseVersion: number;
  readonly postgresSql: () => Promise<string>;
  readonly clickhouseSql: () => Promise<readonly string[]>;
  /** The way here from the recorded version before; undefined for the oldest. */
  readonly upgrade: SchemaUpgrade | undefined;
}

/** What leads from one recorded schema to the next. */
interface SchemaUpgrade {
  readonly from: string;
  readonly postgresSql: () => Promise<string>;
  readonly clickhouseSql: () => Promise<readonly string[]>;
}

/** @throws MigrationError when nothing is recorded for the version's generation */
export async function recordedSchema(version: string): Promise<RecordedSchema> {
  const folder = await schemaFolder(version);
  const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const { postgres, postgresTables, clickhouse } = JSON.parse(await text('migrations.json')) as {
    readonly postgres: readonly string[];
    readonly postgresTables: readonly string[];
    readonly clickhouse: number;
  };
  return {
    postgresMigrations: postgres,
    postgresTables,
    clickhouseVersion: clickhouse,
    postgresSql: () => text('postgres.sql'),
    clickhouseSql: async () => statements(await text('clickhouse.sql')),
    upgrade: upgradeIn(await readdir(folder), text),
  };
}

function upgradeIn(
  files: readonly string[],
  text: (name: string) => Promise<string>,
): SchemaUpgrade | undefined {
  const from = files
    .map((file) => /^postgres-from-(.+)\.sql$/.exec(file)?.[1])
    .find((name) => name !== undefined);
  if (from === undefined) return undefined;
  return {
    from,
    postgresSql: () => text(`postgres-from-${from}.sql`),
    clickhouseSql: async () => statements(await text(`clickhouse-from-${from}.sql`)),
  };
}

/** Blank lines part the statements; comments stand in blocks of their own. */
function statements(sql: string): string[] {
  return sql
    .split('\n\n')
    .map((block) => block.trim().replace(/;$/, ''))
    .filter((block) => block !== '' && !block.startsWith('--'));
}

/** The folder of this very version, else the one recorded for its generation (patch releases share schemas). */
async function schemaFolder(version: string): Promise<string> {
  const root = join(packageFolder(), 'templates', 'sandbox', 'schema');
  const recorded = (await readdir(root)).filter((name) => name.startsWith('langfuse-'));
  const major = version.split('.')[0] ?? version;
  const name =
    recorded.find((folder) => folder === `langfuse-${version}`) ??
    recorded.find((folder) => folder.startsWith(`langfuse-${major}.`));
  if (name === undefined) throw new MigrationError(`no schema is recorded for Langfuse ${version}`);
  return join(root, name);
}
