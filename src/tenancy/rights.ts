import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';

/** What a plan will do to a table. */
export interface NeededRight {
  readonly table: string;
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE';
}

const rightsSql = `
  SELECT current_user AS role, pg_is_in_recovery() AS standby,
    current_setting('default_transaction_read_only') = 'on' AS frozen,
    ARRAY(SELECT n."table" || ' ' || n.verb FROM unnest($1::text[], $2::text[]) AS n("table", verb)
      WHERE NOT CASE n.verb WHEN 'DELETE' THEN has_table_privilege(quote_ident(n."table"), n.verb)
        ELSE has_any_column_privilege(quote_ident(n."table"), n.verb) END) AS lacking`;

interface Rights {
  readonly role: string;
  readonly standby: boolean;
  readonly frozen: boolean;
  readonly lacking: readonly string[];
}

/** Says before anything is asked or changed that it could not be. @throws LfctlError POSTGRES_FORBIDDEN */
export async function requireRights(postgres: PostgresPort, needed: readonly NeededRight[]): Promise<void> {
  const parameters = [needed.map(({ table }) => table), needed.map(({ verb }) => verb)];
  const [rights] = await postgres.query<Rights>(rightsSql, parameters);
  if (rights === undefined) return;
  const why = reasonOf(rights);
  if (why === null) return;
  throw new LfctlError('POSTGRES_FORBIDDEN', { message: `${why}; nothing was changed` });
}

function reasonOf({ role, standby, frozen, lacking }: Rights): string | null {
  if (standby) return 'this Postgres is a standby, which takes no changes';
  if (frozen) return `Postgres lets role ${role} only read (default_transaction_read_only)`;
  return lacking.length === 0
    ? null
    : `Postgres does not let role ${role} ${lacking.map(readable).join(', ')}`;
}

/** `users UPDATE` → `UPDATE users`. */
const readable = (right: string): string => right.split(' ').toReversed().join(' ');
