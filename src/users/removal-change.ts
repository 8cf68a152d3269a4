import { LfctlError } from '../errors/error.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';
import { anotherOwner } from './owners.ts';
import type { StoredLinks, StoredRows } from './references.ts';
import type { Kept, RowChange, Side } from './row-step.ts';
import { isKept } from './row-step.ts';
import { deleteSame, putBack, quoted } from './stored.ts';

/** A row that is deleted, with what the database deletes and unlinks along with it. */
export interface RemovalKept extends Kept {
  readonly userId: string;
  readonly email: string;
  /** `Example` for a membership; null for the user as a whole. */
  readonly where: string | null;
  readonly table: 'users' | 'organization_memberships';
  readonly row: Kept;
  /** Organizations that must keep another owner. */
  readonly owned: readonly string[];
  readonly rows: readonly (StoredRows & Kept)[];
  readonly links: readonly (StoredLinks & Kept)[];
}

const text = (value: Kept[string]): string => (typeof value === 'string' ? value : '');
const list = (value: Kept[string]): readonly Kept[] => (Array.isArray(value) ? value.filter(isKept) : []);
const texts = (value: Kept[string]): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** What the journal has kept of one. @throws LfctlError USER_NO_UNDO */
export function removalKept(kept: Kept): RemovalKept {
  const { userId, email, where, table, row } = kept;
  if (typeof userId !== 'string' || !isKept(row))
    throw new LfctlError('USER_NO_UNDO', { message: 'the journal does not hold what the change was' });
  return {
    userId,
    email: text(email),
    where: typeof where === 'string' ? where : null,
    table: table === 'users' ? 'users' : 'organization_memberships',
    row,
    owned: texts(kept['owned']),
    rows: list(kept['rows']).map((one) => ({
      table: text(one['table']),
      column: text(one['column']),
      rows: list(one['rows']),
    })),
    links: list(kept['links']).map((one) => ({
      table: text(one['table']),
      column: text(one['column']),
      ids: texts(one['ids']),
    })),
  };
}

/** One deleted row of users, or of organization_memberships. */
export function removalChange(postgres: PostgresPort, kept: RemovalKept): RowChange {
  const { userId, email, where, table, row, owned, rows, links } = kept;
  return {
    id: `remove-user:${where === null ? userId : text(row['id'])}`,
    text: where === null ? `delete the user ${email}` : `take ${email} out of ${where}`,
    undo:
      where === null
        ? 'put the user back with its password, roles and linked accounts'
        : `put it back into ${where} with its roles`,
    kept,
    look: async () => await sideOf(postgres, kept),
    there: () => [
      ...owned.map((organizationId) => anotherOwner(organizationId, userId)),
      ...rows.map(stillAsMany(kept)),
      deleteSame(table, text(row['id']), row),
    ],
    back: () => [
      putBack(table, row),
      ...rows.flatMap((one) => one.rows.map((each) => putBack(one.table, each))),
      ...links.map((one) => relink(one, userId)),
    ],
  };
}

/** Rows that came since the plan would be deleted unseen, and missed by an undo. */
const stillAsMany =
  ({ userId, row, table }: RemovalKept) =>
  (one: StoredRows): PostgresStatement => ({
    sql: `SELECT 1 FROM ${quoted(one.table)} WHERE ${quoted(one.column)} = $1 FOR UPDATE`,
    parameters: [table === 'users' ? userId : text(row['id'])],
    rows: one.rows.length,
  });

const relink = ({ table, column, ids }: StoredLinks, userId: string): PostgresStatement => ({
  sql: `UPDATE ${quoted(table)} SET ${quoted(column)} = $1 WHERE id = ANY($2) AND ${quoted(column)} IS NULL`,
  parameters: [userId, [...ids]],
});

async function sideOf(postgres: PostgresPort, kept: RemovalKept): Promise<Side> {
  const { table, row } = kept;
  const found = await postgres.query<{ same: boolean }>(
    `SELECT to_jsonb(t) = $2::jsonb AS same FROM ${table} t WHERE t.id = $1`,
    [text(row['id']), JSON.stringify(row)],
  );
  const [one] = found;
  if (one !== undefined) return one.same ? 'before' : 'other';
  return (await isTaken(postgres, kept)) ? 'other' : 'after';
}

/** Somebody made another row in its place. */
async function isTaken(postgres: PostgresPort, { table, userId, email, row }: RemovalKept): Promise<boolean> {
  const taken =
    table === 'users'
      ? await postgres.query('SELECT 1 FROM users WHERE email = $1', [email])
      : await postgres.query('SELECT 1 FROM organization_memberships WHERE user_id = $1 AND org_id = $2', [
          userId,
          text(row['org_id']),
        ]);
  return taken.length > 0;
}
