import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../package-folder.ts';
import type { ProgramHost } from '../../program.ts';
import { postgresMigrated, refuse } from '../langfuse-web/prisma-migrate.ts';
import { databaseUrl, databaseUrlMissing } from '../langfuse/database-url.ts';
import { withConnection } from '../langfuse/postgres.ts';
import { settingsFrom } from '../langfuse/settings.ts';
import { prisma5Text } from './prisma-words.ts';

const migrationsFailed =
  'Applying database migrations failed. This is mostly caused by the database being unavailable.';

/**
 * The image's entrypoint (web/entrypoint.sh at v2.95.12): false where it exits 1. ClickHouse is optional in 2.95 and
 * not part of this stand-in: with CLICKHOUSE_URL its migrations are passed over.
 */
export async function runEntrypoint2(host: ProgramHost): Promise<boolean> {
  const settings = settingsFrom(host.env);
  const url = databaseUrl(settings);
  if (url === undefined) return refuse(host, databaseUrlMissing);
  if (settings.text('LANGFUSE_AUTO_POSTGRES_MIGRATION_DISABLED') !== 'true') {
    const direct = settings.text('DIRECT_URL') ?? url;
    if (!(await postgresMigrated(host, direct, prisma5Text)))
      return refuse(host, migrationsFailed, 'Exiting...');
    await addMigratedRows(host, direct);
  }
  const withClickHouse = settings.text('CLICKHOUSE_URL') !== undefined;
  if (settings.text('LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED') !== 'true' && !withClickHouse)
    host.print('Info: CLICKHOUSE_URL not configured, skipping migration.');
  return true;
}

/** Model prices and views come with the migrations of 2.95; there is no worker that would write them. */
async function addMigratedRows(host: ProgramHost, url: string): Promise<void> {
  const file = join(packageFolder(), 'templates', 'sandbox', 'langfuse-2', 'models-and-views.sql');
  const sql = await readFile(file, 'utf8');
  await withConnection(url, host.resolve, async (query) => await query(sql));
}
