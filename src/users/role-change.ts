import { LfctlError } from '../errors/error.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';
import { newCuid } from '../tenancy/cuid.ts';
import { insertRow, liveColumns, parameterOf } from '../tenancy/rows.ts';
import { anotherOwner, losesOwner } from './owners.ts';
import type { Role } from './role.ts';
import { isRole } from './role.ts';
import type { Kept, RowChange, Side } from './row-step.ts';

/** A role that is given, changed or taken away, in an organization or, with `projectId`, in one of its projects. */
export interface RoleKept extends Kept {
  readonly userId: string;
  readonly email: string;
  readonly organizationId: string;
  /** `Example`, `Example/Production`. */
  readonly where: string;
  readonly membershipId: string;
  readonly projectId: string | null;
  /** Null where there was none. */
  readonly before: Role | null;
  /** Null, of a project alone: the organization's role counts there again. */
  readonly after: Role | null;
}

const text = (value: unknown): value is string => typeof value === 'string';

/** What the journal has kept of one. @throws LfctlError USER_NO_UNDO */
export function roleKept(kept: Kept): RoleKept {
  const { userId, email, organizationId, where, membershipId, projectId, before, after } = kept;
  if (!text(userId) || !text(email) || !text(organizationId) || !text(where) || !text(membershipId))
    throw new LfctlError('USER_NO_UNDO', { message: 'the journal does not hold what the change was' });
  const known = { userId, email, organizationId, where, membershipId };
  const role = (value: unknown): Role | null => (isRole(value) ? value : null);
  return {
    ...known,
    projectId: text(projectId) ? projectId : null,
    before: role(before),
    after: role(after),
  };
}

/** One row of organization_memberships or project_memberships. */
export async function roleChange(
  postgres: PostgresPort,
  now: () => Date,
  kept: RoleKept,
): Promise<RowChange> {
  const table = tableOf(kept);
  const columns = (await liveColumns(postgres, [table]))[table];
  const move = (from: Role | null, to: Role | null): PostgresStatement[] => [
    ...(kept.projectId === null && losesOwner(from, to)
      ? [anotherOwner(kept.organizationId, kept.userId)]
      : []),
    from === null
      ? insertRow(table, columns, newRow(kept, to, now()))
      : to === null
        ? removal(kept, from)
        : update(kept, from, to, now()),
  ];
  const { email, where, before, after } = kept;
  return {
    id: `set-role:${kept.userId}:${kept.projectId ?? kept.organizationId}`,
    text: stepText(kept),
    undo:
      before === null ? `take ${email} out of ${where} again` : `make ${email} ${before} of ${where} again`,
    kept,
    look: async () => await sideOf(postgres, kept),
    there: () => move(before, after),
    back: () => move(after, before),
  };
}

const tableOf = ({ projectId }: RoleKept): 'organization_memberships' | 'project_memberships' =>
  projectId === null ? 'organization_memberships' : 'project_memberships';

function stepText({ email, where, before, after }: RoleKept): string {
  if (after === null) return `take the role ${before ?? ''} of its own in ${where} from ${email}`;
  return before === null
    ? `make ${email} ${after} of ${where}`
    : `make ${email} ${after} of ${where} instead of ${before}`;
}

/** As the app makes it: an id for a membership, none for a role in a project. */
function newRow(kept: RoleKept, role: Role | null, now: Date): Parameters<typeof insertRow>[2] {
  const { userId, organizationId, membershipId, projectId } = kept;
  const own =
    projectId === null
      ? { id: membershipId, org_id: organizationId }
      : { project_id: projectId, org_membership_id: membershipId };
  return { ...own, user_id: userId, role, created_at: now, updated_at: now };
}

const keyOf = ({ projectId }: RoleKept): string => (projectId === null ? 'org_id' : 'project_id');
const whereOf = ({ projectId, organizationId }: RoleKept): string => projectId ?? organizationId;

const removal = (kept: RoleKept, from: Role): PostgresStatement => ({
  sql: `DELETE FROM ${tableOf(kept)} WHERE user_id = $1 AND ${keyOf(kept)} = $2 AND role = $3`,
  parameters: [kept.userId, whereOf(kept), from],
  rows: 1,
});

const update = (kept: RoleKept, from: Role, to: Role, now: Date): PostgresStatement => ({
  sql: `UPDATE ${tableOf(kept)} SET role = $1, updated_at = $2
    WHERE user_id = $3 AND ${keyOf(kept)} = $4 AND role = $5`,
  parameters: [to, parameterOf(now), kept.userId, whereOf(kept), from],
  rows: 1,
});

async function sideOf(postgres: PostgresPort, kept: RoleKept): Promise<Side> {
  const role = await roleIn(postgres, kept);
  if (role === kept.after) return 'after';
  return role === kept.before ? 'before' : 'other';
}

async function roleIn(postgres: PostgresPort, kept: RoleKept): Promise<Role | null> {
  const rows = await postgres.query<{ role: Role }>(
    `SELECT role FROM ${tableOf(kept)} WHERE user_id = $1 AND ${keyOf(kept)} = $2`,
    [kept.userId, whereOf(kept)],
  );
  return rows[0]?.role ?? null;
}

/** The membership that a role hangs on; a new id where there is none yet. */
export async function membershipOf(
  postgres: PostgresPort,
  userId: string,
  organizationId: string,
  now: Date,
): Promise<{ readonly id: string; readonly role: Role | null }> {
  const rows = await postgres.query<{ id: string; role: Role }>(
    'SELECT id, role FROM organization_memberships WHERE user_id = $1 AND org_id = $2',
    [userId, organizationId],
  );
  return rows[0] ?? { id: newCuid(now), role: null };
}
