// Writes templates/sandbox/schema/langfuse-<version>/ from the catalogs recorded on real deployments
// (test/fixtures/captures/schema). Run it after a new recording: node scripts/schema.mjs
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clickhouseStatements, postgresStatements } from './schema-ddl.mjs';
import { clickhouseUpgrade, postgresUpgrade } from './schema-upgrade.mjs';

const recordings = 'test/fixtures/captures/schema';
/** Oldest first: each gets the way from the one before it. */
const versions = ['2.95.12', '3.199.0', '4.16.0'];

async function recording(store, version) {
  const file = join(recordings, `${store}-${version}.json`);
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : null;
}

/** One statement per block; a blank line parts them (no statement holds one). */
async function writeStatements(file, about, statements) {
  const head = `-- ${about} as its own migrations leave it. Written by scripts/schema.mjs.`;
  await writeFile(file, `${[head, ...statements.map((sql) => `${sql};`)].join('\n\n')}\n`);
}

let before = { postgres: null, clickhouse: null, version: '' };
for (const version of versions) {
  const folder = join('templates/sandbox/schema', `langfuse-${version}`);
  await mkdir(folder, { recursive: true });
  const write = async (name, statements) =>
    await writeStatements(join(folder, name), `The schema of Langfuse ${version}`, statements);
  const writeWay = async (store, statements) =>
    await writeStatements(
      join(folder, `${store}-from-${before.version}.sql`),
      `From the schema of Langfuse ${before.version} to that of ${version},`,
      statements,
    );
  const postgres = await recording('postgres', version);
  await write('postgres.sql', postgresStatements(postgres, version));
  const clickhouse = await recording('clickhouse', version);
  if (clickhouse !== null) await write('clickhouse.sql', clickhouseStatements(clickhouse));
  if (before.postgres !== null) await writeWay('postgres', postgresUpgrade(before.postgres, postgres));
  if (before.clickhouse !== null)
    await writeWay('clickhouse', clickhouseUpgrade(before.clickhouse, clickhouse));
  const migrations = {
    postgres: postgres.migrations,
    postgresTables: Object.keys(postgres.tables),
    clickhouse: clickhouse?.highestMigration ?? 0,
  };
  await writeFile(join(folder, 'migrations.json'), `${JSON.stringify(migrations, null, 1)}\n`);
  before = { postgres, clickhouse, version };
}
