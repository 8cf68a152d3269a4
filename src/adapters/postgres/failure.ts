import type { ErrorCode } from '../../errors/catalog.ts';
import type { Fix, LfctlError } from '../../errors/error.ts';
import type { PostgresTarget } from '../../ports/postgres.ts';
import { DialError, firstLine } from '../net/network-error.ts';
import type { StorePlace } from '../net/store-error.ts';
import { connectionError, failedError, storeError } from '../net/store-error.ts';

/** Something else than Postgres answered. */
export class SpokeOtherwise extends Error {
  override readonly name = 'SpokeOtherwise';
}

/** Whom the errors of a Postgres speak of. */
function postgresPlace(target: PostgresTarget): StorePlace {
  const { host, port, password } = target;
  return { prefix: 'POSTGRES', title: 'Postgres', host, port, secrets: [password] };
}

/** SQLSTATE to code: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const states: Readonly<Record<string, ErrorCode>> = {
  '28000': 'POSTGRES_AUTH',
  '28P01': 'POSTGRES_AUTH',
  '3D000': 'POSTGRES_DATABASE',
  '42501': 'POSTGRES_FORBIDDEN',
  '25006': 'POSTGRES_FORBIDDEN',
  '53300': 'POSTGRES_CONNECTIONS',
  '57014': 'POSTGRES_TIMEOUT',
  '57P01': 'POSTGRES_CLOSED',
  '57P02': 'POSTGRES_CLOSED',
};

/** What any failure of a Postgres becomes. */
export function postgresError(target: PostgresTarget, error: unknown): LfctlError {
  const at = postgresPlace(target);
  if (error instanceof SpokeOtherwise)
    return storeError(at, 'POSTGRES_ANSWER', `it does not speak Postgres: ${firstLine(error.message)}`);
  if (isServerError(error)) {
    const text = `${firstLine(error.message)} (${error.code})`;
    return storeError(at, states[error.code] ?? 'POSTGRES_FAILED', text, fixesOf(error.code, target));
  }
  return connectionError(at, asConnectionError(error)) ?? failedError(at, error);
}

/** A change that met another world than it was planned for; nothing of it was kept. */
export function changedError(target: PostgresTarget, rows: number, touched: number): LfctlError {
  return storeError(
    postgresPlace(target),
    'POSTGRES_CHANGED',
    `a statement would have touched ${String(touched)} rows instead of ${String(rows)}; nothing was changed`,
  );
}

/** The fields of an ErrorResponse that lfctl reads. */
export interface ServerError {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

/** An error that Postgres itself sent; the session goes on after most of them. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
}

/** pg has words, not codes, for these. */
function asConnectionError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  if (/terminated|not queryable|closed/i.test(message))
    return new DialError('ECONNRESET', 'the connection was closed before an answer');
  if (/SSL connection/.test(message))
    return Object.assign(new Error(message), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
  return error;
}

/** 28000 is no wrong password: the server does not even ask for one. */
function fixesOf(state: string, target: PostgresTarget): Fix[] {
  if (state !== '28000') return [];
  return [
    {
      text: `check that role ${target.user} may log in and that pg_hba.conf allows it from here with this sslmode`,
    },
  ];
}
