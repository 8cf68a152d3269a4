import type { ClientConfig } from 'pg';
import { Client } from 'pg';
import { LfctlError } from '../errors/error.ts';
import type { Access } from '../ports/dialer.ts';
import type { OpenPostgres, PostgresPort, PostgresStatement, PostgresTarget } from '../ports/postgres.ts';
import { within } from './net/deadline.ts';
import { changedError, isServerError, postgresError, SpokeOtherwise } from './postgres/failure.ts';
import { takeLock } from './postgres/lock.ts';
import { leave, type Session } from './postgres/session.ts';
import { postgresStream, watchFirstByte } from './postgres/stream.ts';
import { timestampsAsUtc } from './postgres/types.ts';

/** Own deadline after the server's statement_timeout: the server's answer says more, so it goes first. */
const graceMs = 250;

/** Opens one session through the dialer. */
export const openPostgres: OpenPostgres = async (target, access) => {
  const session = await login(target, access);
  let line: Promise<unknown> = Promise.resolve();
  const port: PostgresPort = {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      // One session answers one statement at a time; the deadline of each starts when its turn comes.
      const turn = line.then(() => runQuery<Row>(session, target, access, sql, parameters));
      // Who asked hears of the failure; the next statement only waits for the end.
      line = turn.catch(() => undefined);
      return await turn;
    },
    async change(statements) {
      const turn = line.then(() => runChange(session, target, access, statements));
      line = turn.catch(() => undefined);
      return await turn;
    },
    lock: async (name, holder) => await takeLock(await login(target, access), target, access, name, holder),
    async close() {
      // A server that does not say goodbye is left all the same.
      await leave(session);
    },
  };
  return port;
};

async function login(target: PostgresTarget, access: Access): Promise<Session> {
  try {
    return await within(access.connectTimeoutMs, access.signal, async (signal) => {
      if (target.tls !== 'prefer') return await connect(target, access, signal, target.tls !== 'disable');
      try {
        return await connect(target, access, signal, true);
      } catch (error) {
        if (error instanceof Error && error.message.includes('does not support SSL'))
          return await connect(target, access, signal, false);
        throw error;
      }
    });
  } catch (error) {
    throw postgresError(target, error);
  }
}

async function connect(
  target: PostgresTarget,
  access: Access,
  signal: AbortSignal,
  tls: boolean,
): Promise<Session> {
  const stream = await access.dialer.connect(target.host, target.port, signal);
  const client = new Client(clientConfig(target, tls, postgresStream(stream)));
  const spoken = watchFirstByte(stream);
  // Without a listener a connection that breaks between two queries would end the process.
  client.on('error', () => undefined);
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    return { client, stream };
  } catch (error) {
    stream.destroy();
    throw spoken.foreign === null ? error : new SpokeOtherwise(spoken.foreign);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function clientConfig(
  target: PostgresTarget,
  tls: boolean,
  stream: ReturnType<typeof postgresStream>,
): ClientConfig {
  return {
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password.reveal(),
    database: target.database,
    application_name: 'lfctl',
    types: timestampsAsUtc,
    stream,
    ssl: tls ? sslOptions(target.tls) : false,
  };
}

/** libpq's meanings: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
function sslOptions(mode: PostgresTarget['tls']): NonNullable<ClientConfig['ssl']> {
  if (mode === 'verify-full') return { rejectUnauthorized: true };
  if (mode === 'verify-ca') return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { rejectUnauthorized: false };
}

/**
 * One statement in a transaction of its own. SET LOCAL leaves nothing behind in a pooler's shared session
 * (DATABASE_URL often leads to PgBouncer, which also refuses unknown start-up parameters), and READ ONLY is a guard.
 */
async function runQuery<Row>(
  { client, stream }: Session,
  target: PostgresTarget,
  access: Access,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  try {
    return await within(access.queryTimeoutMs + graceMs, access.signal, async () => {
      await client.query(preamble(target, access.queryTimeoutMs, 'READ ONLY'));
      try {
        const result = await client.query({ text: sql, values: [...parameters] });
        return result.rows as Row[];
      } finally {
        await client.query('ROLLBACK');
      }
    });
  } catch (error) {
    // Without an answer of the server the session cannot be used again: a late one may still come.
    if (!isServerError(error)) stream.destroy();
    throw postgresError(target, error);
  }
}

/** All statements or none; what was not committed is rolled back. */
async function runChange(
  { client, stream }: Session,
  target: PostgresTarget,
  access: Access,
  statements: readonly PostgresStatement[],
): Promise<number[]> {
  try {
    return await within(access.queryTimeoutMs + graceMs, access.signal, async () => {
      await client.query(preamble(target, access.queryTimeoutMs, 'READ WRITE'));
      try {
        const touched: number[] = [];
        for (const { sql, parameters, rows } of statements) {
          const count = (await client.query({ text: sql, values: [...parameters] })).rowCount ?? 0;
          if (rows !== undefined && count !== rows) throw changedError(target, rows, count);
          touched.push(count);
        }
        await client.query('COMMIT');
        return touched;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    });
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'POSTGRES_CHANGED') throw error;
    if (!isServerError(error)) stream.destroy();
    throw postgresError(target, error);
  }
}

function preamble(target: PostgresTarget, timeoutMs: number, access: 'READ ONLY' | 'READ WRITE'): string {
  const schema = target.schema.replaceAll('"', '""');
  return [
    `BEGIN ${access}`,
    `SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`,
    "SET LOCAL TIME ZONE 'UTC'",
    ...(target.schema === 'public' ? [] : [`SET LOCAL search_path TO "${schema}"`]),
  ].join('; ');
}
