import { LfctlError } from '../errors/error.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import { isFound, lowered } from './email.ts';

/** The row that a change is about. */
export interface Target {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  /** The bcrypt hash: for the journal and for comparing, never for showing. */
  readonly password: string | null;
  readonly admin: boolean;
  readonly providers: readonly string[];
  readonly updatedAt: Date;
}

const targetSql = `
  SELECT u.id, u.email, u.name, u.password, u.admin, u.updated_at AS "updatedAt",
    ARRAY(SELECT DISTINCT a.provider FROM "Account" a WHERE a.user_id = u.id ORDER BY 1) AS providers
  FROM users u WHERE lower(u.email) = lower($1) ORDER BY u.email`;

/** All rows of an address, in any case of letters. */
export async function rowsOf(postgres: PostgresPort, email: string): Promise<Target[]> {
  return await postgres.query<Target>(targetSql, [email.trim()]);
}

/**
 * The user that is meant: the row as it is written, else the one that sign-in finds, else the only one.
 * @throws LfctlError USER_UNKNOWN with suggestions, USER_AMBIGUOUS with the rows
 */
export async function findUser(postgres: PostgresPort, given: string): Promise<Target> {
  const rows = await rowsOf(postgres, given);
  const exact = rows.find(({ email }) => email === given.trim());
  const found =
    exact ?? rows.find(({ email }) => isFound(email)) ?? (rows.length === 1 ? rows[0] : undefined);
  if (found !== undefined) return found;
  if (rows.length > 1) throw ambiguous(given, rows);
  throw await unknownUser(postgres, given);
}

const ambiguous = (given: string, rows: readonly Target[]): LfctlError =>
  new LfctlError('USER_AMBIGUOUS', {
    message: `'${given}' is the address of ${String(rows.length)} users: ${rows.map(({ email }) => email).join(', ')}`,
  });

/** Enough for a suggestion; a whole company's addresses are not needed for a typing error. */
const looked = 5000;

async function unknownUser(postgres: PostgresPort, given: string): Promise<LfctlError> {
  const rows = await postgres.query<{ email: string }>(
    `SELECT lower(email) AS email FROM users WHERE email IS NOT NULL LIMIT ${String(looked)}`,
  );
  const near = didYouMean(
    lowered(given),
    rows.map(({ email }) => email),
  );
  return new LfctlError('USER_UNKNOWN', {
    message: `no user has the e-mail '${given}'`,
    fixes: near === null ? [] : [{ text: near }],
  });
}
