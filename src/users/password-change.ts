import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import { parameterOf } from '../tenancy/rows.ts';
import type { Kept, RowChange, Side } from './row-step.ts';

/** A password's change, as hashes. */
export interface PasswordKept extends Kept {
  readonly userId: string;
  readonly email: string;
  /** What an undo puts back; null where there was none. */
  readonly before: string | null;
  /** What it takes the place of: another than `before` where a killed run has set one already. */
  readonly replaces: string | null;
  readonly after: string;
}

/** What the journal has kept of one. @throws LfctlError USER_NO_UNDO */
export function passwordKept({ userId, email, before, replaces, after }: Kept): PasswordKept {
  const hash = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  if (typeof userId === 'string' && typeof email === 'string' && typeof after === 'string')
    return { userId, email, before: hash(before), replaces: hash(replaces), after };
  throw new LfctlError('USER_NO_UNDO', { message: 'the journal does not hold what the change was' });
}

/** One row of users with another hash. */
export function passwordChange(postgres: PostgresPort, now: () => Date, kept: PasswordKept): RowChange {
  const { userId, email, before, replaces, after } = kept;
  const set = (from: string | null, to: string | null): ReturnType<RowChange['there']> => [
    {
      sql: 'UPDATE users SET password = $1, updated_at = $2 WHERE id = $3 AND password IS NOT DISTINCT FROM $4',
      parameters: [to, parameterOf(now()), userId, from],
      rows: 1,
    },
  ];
  const look = async (): Promise<Side> => {
    const rows = await postgres.query<{ password: string | null }>(
      'SELECT password FROM users WHERE id = $1',
      [userId],
    );
    const [row] = rows;
    if (row === undefined) return 'other';
    if (row.password === after) return 'after';
    return row.password === replaces ? 'before' : 'other';
  };
  return {
    id: `set-password:${userId}`,
    text: `set a new password of ${email}`,
    undo: before === null ? 'take the password away again' : 'put the old password back',
    kept,
    look,
    there: () => set(replaces, after),
    back: () => set(after, before),
  };
}
