import type { ProgramHost } from '../../program.ts';
import { migrateClickHouse, MigrationError } from '../../schema/apply.ts';
import { ClickHouseError, type ClickHouse } from '../langfuse/clickhouse.ts';
import { databaseUrl, databaseUrlMissing } from '../langfuse/database-url.ts';
import { messageOf } from '../langfuse/log.ts';
import type { Settings } from '../langfuse/settings.ts';
import { postgresMigrated, refuse } from './prisma-migrate.ts';

const clickHouseMissing =
  'Error: CLICKHOUSE_URL is not configured. Migrating from V2? Check out migration guide: https://langfuse.com/self-hosting/upgrade-guides/upgrade-v2-to-v3';

const postgresFailed = [
  'Applying database migrations failed. Common causes:',
  '  1. The database is unavailable or unreachable.',
  '  2. DATABASE_URL / DIRECT_URL credentials contain special characters that are not URL-encoded.',
];

const clickHouseFailed = [
  'Applying clickhouse migrations failed. Common causes:',
  '  1. The database is unavailable or unreachable.',
  '  2. CLICKHOUSE_PASSWORD contains special characters that are not URL-encoded.',
];

/** The image's entrypoint (web/entrypoint.sh): false where it exits 1; what it prints goes to the log bare. */
export async function runEntrypoint(
  host: ProgramHost,
  settings: Settings,
  openMigrationClickHouse: () => ClickHouse,
): Promise<boolean> {
  const url = databaseUrl(settings);
  if (url === undefined) return refuse(host, databaseUrlMissing);
  if (settings.text('CLICKHOUSE_URL') === undefined) return refuse(host, clickHouseMissing);
  if (settings.text('LANGFUSE_AUTO_POSTGRES_MIGRATION_DISABLED') !== 'true') {
    const direct = settings.text('DIRECT_URL') ?? url;
    if (!(await postgresMigrated(host, direct)))
      return refuse(host, ...postgresFailed, ...urlHint(direct), 'Exiting...');
  }
  if (settings.text('LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED') === 'true') return true;
  return await clickHouseMigrated(host, settings, openMigrationClickHouse);
}

/** The entrypoint's guess at credentials that should have been encoded; valid %XX sequences do not count. */
function urlHint(url: string): string[] {
  const authority = url.replace(/^[^:]*:\/\//, '').split('/')[0] ?? '';
  const credentials = authority.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : '';
  const [user = '', ...password] = credentials.replace(/%[0-9A-Fa-f]{2}/g, '').split(':');
  if (!/[@:/%#?]/.test(user) && !/[@:/%#?]/.test(password.join(':'))) return [];
  return [
    'HINT: Your DATABASE_URL / DIRECT_URL credentials appear to contain special characters (@, :, /, %, #, ?) that are not URL-encoded.',
    '  Prisma requires these to be percent-encoded, otherwise you will see P1013 errors.',
    '  Example: p@ssword → p%40ssword',
    '  Reference: https://www.prisma.io/docs/orm/reference/connection-urls#special-characters',
  ];
}

async function clickHouseMigrated(
  host: ProgramHost,
  settings: Settings,
  open: () => ClickHouse,
): Promise<boolean> {
  const needed = [
    ['CLICKHOUSE_MIGRATION_URL', 'Error: CLICKHOUSE_MIGRATION_URL is not configured.'],
    ['CLICKHOUSE_USER', 'Error: CLICKHOUSE_USER is not set.'],
    ['CLICKHOUSE_PASSWORD', 'Error: CLICKHOUSE_PASSWORD is not set.'],
  ] as const;
  const lacking = needed.find(([name]) => settings.text(name) === undefined);
  if (lacking !== undefined) return refuse(host, lacking[1], ...clickHouseFailed, 'Exiting...');
  const clickhouse = open();
  try {
    const { applied } = await migrateClickHouse(
      async (sql) => await anyStatement(clickhouse, sql),
      host.imageTag,
    );
    if (applied === 0) host.print('no change');
    return true;
  } catch (error) {
    return refuse(host, ...clickHouseText(error).split('\n'), ...clickHouseFailed, 'Exiting...');
  } finally {
    clickhouse.close();
  }
}

async function anyStatement(
  clickhouse: ClickHouse,
  sql: string,
): Promise<readonly Record<string, unknown>[] | undefined> {
  if (/^\s*(select|show|exists|with)\b/i.test(sql)) return await clickhouse.select(sql);
  await clickhouse.command(sql);
  return undefined;
}

/** golang-migrate prints `error: <driver's text>`. */
function clickHouseText(error: unknown): string {
  if (error instanceof MigrationError) return error.message;
  if (error instanceof ClickHouseError) return `error: code: ${error.code}, message: ${error.message}`;
  const text = messageOf(error).replace(
    /^connect (ECONNREFUSED) (.+)$/,
    'dial tcp $2: connect: connection refused',
  );
  return `error: ${text.replace(/^getaddrinfo ENOTFOUND (.+)$/, 'dial tcp: lookup $1: no such host')}`;
}
