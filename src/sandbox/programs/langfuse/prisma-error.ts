import { badUrlReason, parseDatabaseUrl, type DatabaseAddress } from './database-url.ts';

/** Prisma's error codes. https://www.prisma.io/docs/orm/reference/error-reference */
export type PrismaCode =
  | 'P1000'
  | 'P1001'
  | 'P1003'
  | 'P1010'
  | 'P1013'
  | 'P1017'
  | 'P2002'
  | 'P2021'
  | 'P2037'
  | 'P2010';

/** What Prisma makes of a database failure; the texts are those of the captures and of Prisma's error reference. */
export class PrismaError extends Error {
  override readonly name = 'PrismaClientKnownRequestError';
  readonly code: PrismaCode;
  /** Cause in the words of the driver adapter, as the log shows it. */
  readonly adapterError: string;

  constructor(code: PrismaCode, message: string, adapterError: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
    this.adapterError = adapterError;
  }
}

/** Translates what pg threw. */
export function asPrismaError(cause: unknown, url: string): PrismaError {
  if (cause instanceof PrismaError) return cause;
  const address = parseDatabaseUrl(url);
  const failure = cause as Failure;
  const [code, message, adapterError] =
    address === undefined || failure.code === 'P1013'
      ? ['P1013' as const, `The provided database string is invalid. ${badUrlReason(url)}`, 'InvalidUrl']
      : explained({ code: failure.code ?? '', message: failure.message ?? '' }, address);
  return new PrismaError(code, message, adapterError, cause);
}

interface Failure {
  readonly code?: string;
  readonly message?: string;
}

/** Prisma's code, its text, and the driver adapter's word for it. */
type Explained = readonly [code: PrismaCode, message: string, adapterError: string];

function explained({ code, message }: Required<Failure>, address: DatabaseAddress): Explained {
  const { user, database, schema } = address;
  switch (code) {
    case '28P01':
    case '28000':
      return ['P1000', refusedText(user), 'AuthenticationFailed'];
    case '3D000':
      return [
        'P1003',
        `Database \`${database}\` does not exist on the database server`,
        'DatabaseDoesNotExist',
      ];
    case '42P01': {
      const table = /relation "([^"]+)"/.exec(message)?.[1] ?? '(unknown)';
      return [
        'P2021',
        `The table \`${schema}.${table}\` does not exist in the current database.`,
        'TableDoesNotExist',
      ];
    }
    case '23505': {
      const constraint = /unique constraint "([^"]+)"/.exec(message)?.[1] ?? '(unknown)';
      return [
        'P2002',
        `Unique constraint failed on the constraint: \`${constraint}\``,
        'UniqueConstraintViolation',
      ];
    }
    case '53300':
      return ['P2037', `Too many database connections opened: ${message}`, 'TooManyConnections'];
    case '42501':
      return ['P1010', `User was denied access on the database \`${database}\``, 'DatabaseAccessDenied'];
    default:
      return unreachable(code, message)
        ? ['P1001', `Can't reach database server at ${address.host}:${address.port}`, 'DatabaseNotReachable']
        : ['P2010', `Raw query failed. Code: \`${code || 'N/A'}\`. Message: \`${message}\``, 'Postgres'];
  }
}

function refusedText(user: string): string {
  return `Authentication failed against database server, the provided database credentials for \`${user}\` are not valid.`;
}

function unreachable(code: string, message: string): boolean {
  return (
    /^E[A-Z_]+$/.test(code) ||
    /^(57P0[1-3]|08)/.test(code) ||
    /timeout|terminated|closed|ended|not queryable/i.test(message)
  );
}
