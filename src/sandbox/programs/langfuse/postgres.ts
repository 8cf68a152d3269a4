import type { Pool as PgPool } from 'pg';
import { parseDatabaseUrl } from './database-url.ts';
import { resolvingSocket, type Resolve } from './network.ts';
import { asPrismaError } from './prisma-error.ts';

/** A row by column. */
export type SqlRow = Record<string, unknown>;

/** Postgres as Langfuse's Prisma uses it. */
export interface Postgres {
  /** @throws PrismaError */
  readonly query: <Row extends SqlRow>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  readonly close: () => Promise<void>;
}

/** A small pool on the app's database, opened at the first query. */
export function openPostgres(url: string, resolve: Resolve, maxConnections = 3): Postgres {
  let pool: Promise<PgPool> | undefined;
  const query = async <Row extends SqlRow>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> => {
    try {
      pool ??= openPool(url, resolve, maxConnections);
      const answer = await (await pool).query<Row>(sql, [...parameters]);
      return Array.isArray(answer) ? [] : answer.rows;
    } catch (error) {
      pool = (await pool?.catch(() => undefined)) === undefined ? undefined : pool;
      throw asPrismaError(error, url);
    }
  };
  return { query, close: async () => await (await pool?.catch(() => undefined))?.end() };
}

async function openPool(url: string, resolve: Resolve, max: number): Promise<PgPool> {
  const { default: pg } = await import('pg');
  const address = parseDatabaseUrl(url);
  if (address === undefined) throw Object.assign(new Error('bad url'), { code: 'P1013' });
  // timestamp without time zone means UTC in every Langfuse table
  const types = new pg.TypeOverrides();
  types.setTypeParser(1114, (text: string) => new Date(`${text.replace(' ', 'T')}Z`));
  const pool = new pg.Pool({
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    database: address.database,
    options: `-c timezone=UTC -c search_path=${address.schema}`,
    stream: () => resolvingSocket(resolve),
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 10_000,
    types,
    max,
  });
  pool.on('error', () => undefined);
  return pool;
}

/**
 * One connection for migrations, closed when the work is done.
 *
 * @throws PrismaError when it cannot be opened
 */
export async function withConnection<Result>(
  url: string,
  resolve: Resolve,
  work: (query: (sql: string) => Promise<SqlRow[] | undefined>) => Promise<Result>,
): Promise<Result> {
  const postgres = openPostgres(url, resolve, 1);
  try {
    return await work(async (sql) => await postgres.query(sql));
  } finally {
    await postgres.close();
  }
}
