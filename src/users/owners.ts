import { LfctlError } from '../errors/error.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';
import type { Role } from './role.ts';

/**
 * Part of a transaction that takes an owner away: another one is held until it ends, or nothing of it is kept.
 * Two runs that each take one of two owners away cannot both go through.
 */
export const anotherOwner = (organizationId: string, userId: string): PostgresStatement => ({
  sql: `SELECT id FROM organization_memberships
    WHERE org_id = $1 AND role = 'OWNER' AND user_id <> $2 ORDER BY id LIMIT 1 FOR UPDATE`,
  parameters: [organizationId, userId],
  rows: 1,
});

/** Whether such a change leaves one owner fewer. */
export const losesOwner = (before: Role | null, after: Role | null): boolean =>
  before === 'OWNER' && after !== 'OWNER';

/** Organizations that this user alone owns. */
async function soleOwnerships(
  postgres: PostgresPort,
  userId: string,
): Promise<{ readonly id: string; readonly name: string }[]> {
  return await postgres.query(
    `SELECT o.id, o.name FROM organization_memberships m JOIN organizations o ON o.id = m.org_id
     WHERE m.user_id = $1 AND m.role = 'OWNER' AND NOT EXISTS (
       SELECT 1 FROM organization_memberships other
       WHERE other.org_id = m.org_id AND other.role = 'OWNER' AND other.user_id <> m.user_id)
     ORDER BY o.name, o.id`,
    [userId],
  );
}

/** @throws LfctlError LAST_OWNER, with the organizations; `only` limits it to one */
export async function refuseLastOwner(
  postgres: PostgresPort,
  { id, email }: { readonly id: string; readonly email: string },
  only?: string,
): Promise<void> {
  const sole = (await soleOwnerships(postgres, id)).filter((one) => only === undefined || one.id === only);
  if (sole.length === 0) return;
  const names = sole.map(({ id: organizationId, name }) => `${name} (${organizationId})`).join(', ');
  throw new LfctlError('LAST_OWNER', { message: `${email} is the only owner of ${names}` });
}
