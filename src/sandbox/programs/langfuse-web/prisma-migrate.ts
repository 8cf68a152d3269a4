import type { ProgramHost } from '../../program.ts';
import { MigrationError, migratePostgres } from '../../schema/apply.ts';
import { parseDatabaseUrl } from '../langfuse/database-url.ts';
import { messageOf } from '../langfuse/log.ts';
import { withConnection } from '../langfuse/postgres.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';

/** Prints why the entrypoint ends. */
export function refuse(host: ProgramHost, ...lines: readonly string[]): false {
  lines.forEach(host.print);
  return false;
}

/** `prisma migrate deploy` with its output; false where it fails, after its own text. */
export async function postgresMigrated(
  host: ProgramHost,
  url: string,
  explain: (error: PrismaError, url: string) => string = prisma6Text,
): Promise<boolean> {
  host.print('Prisma schema loaded from packages/shared/prisma/schema.prisma');
  const place = parseDatabaseUrl(url);
  if (place !== undefined)
    host.print(
      `Datasource "db": PostgreSQL database "${place.database}", schema "${place.schema}" at "${place.host}:${place.port}"`,
    );
  try {
    await withConnection(url, host.resolve, async (query) => {
      const { found, applied } = await migratePostgres(query, host.imageTag);
      host.print(`${found} migrations found in prisma/migrations`);
      host.print(
        applied === 0 ? 'No pending migrations to apply.' : 'All migrations have been successfully applied.',
      );
    });
    return true;
  } catch (error) {
    return refuse(host, ...migrationText(error, url, explain).split('\n'));
  }
}

function migrationText(
  error: unknown,
  url: string,
  explain: (error: PrismaError, url: string) => string,
): string {
  if (error instanceof MigrationError) return error.message;
  if (!(error instanceof PrismaError)) return `Error: ${messageOf(error)}`;
  return `Error: ${error.code}: ${explain(error, url)}`;
}

/** Prisma 6's words (captures of 3.199.0). */
function prisma6Text(error: PrismaError, url: string): string {
  const quoted = error.message.replace(/^(Can't reach database server at) (\S+)$/, '$1 `$2`');
  const where =
    error.code === 'P1001'
      ? `\n\nPlease make sure your database server is running at \`${address(url)}\`.`
      : '';
  return `${quoted}${where}`;
}

function address(url: string): string {
  return URL.canParse(url) ? `${new URL(url).hostname}:${new URL(url).port || 5432}` : 'unknown';
}
