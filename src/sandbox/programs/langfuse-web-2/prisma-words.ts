import { databaseUrl, parseDatabaseUrl } from '../langfuse/database-url.ts';
import type { PrismaError } from '../langfuse/prisma-error.ts';
import type { Settings } from '../langfuse/settings.ts';

/**
 * Prisma 5's text for a failure: it still names the server, as 6 does no more
 * (https://www.prisma.io/docs/orm/reference/error-reference).
 *
 * @param place settings of the container, or the URL that was tried
 */
export function prisma5Text(error: PrismaError, place: Settings | string): string {
  const address = parseDatabaseUrl(typeof place === 'string' ? place : (databaseUrl(place) ?? ''));
  if (address === undefined) return error.message;
  const { host, port, user, database, schema } = address;
  switch (error.code) {
    case 'P1000':
      return `Authentication failed against database server at \`${host}\`, the provided database credentials for \`${user}\` are not valid.\n\nPlease make sure to provide valid database credentials for the database server at \`${host}\`.`;
    case 'P1001':
      return `Can't reach database server at \`${host}:${port}\`\n\nPlease make sure your database server is running at \`${host}:${port}\`.`;
    case 'P1003':
      return `Database \`${database}.${schema}\` does not exist on the database server at \`${host}:${port}\`.`;
    case 'P1010':
      return `User \`${user}\` was denied access on the database \`${database}.${schema}\``;
    case 'P1013':
    case 'P1017':
    case 'P2002':
    case 'P2010':
    case 'P2021':
    case 'P2037':
      return error.message;
  }
}
