import { LfctlError } from '../errors/error.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';
import { insertRow, liveColumns } from '../tenancy/rows.ts';
import type { Invitation } from './invitations.ts';
import type { NewMembership, NewProjectRole } from './new-roles.ts';
import { anotherOwner } from './owners.ts';
import { isRole } from './role.ts';
import type { Kept, RowChange, Side } from './row-step.ts';
import { isKept } from './row-step.ts';
import { putBack, quoted } from './stored.ts';

/** A user that is made, with its roles; the invitations that it accepts go. */
export interface CreationKept extends Kept {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  /** Hash; null for somebody who signs in through an identity provider. */
  readonly password: string | null;
  readonly memberships: readonly (NewMembership & Kept)[];
  readonly projectRoles: readonly (NewProjectRole & Kept)[];
  readonly invitations: readonly (Pick<Invitation, 'id' | 'row'> & Kept)[];
}

const list = (value: Kept[string]): readonly Kept[] => (Array.isArray(value) ? value.filter(isKept) : []);
const text = (value: Kept[string]): string => (typeof value === 'string' ? value : '');

/** What the journal has kept of one. @throws LfctlError USER_NO_UNDO */
export function creationKept(kept: Kept): CreationKept {
  const { userId, email, name, password } = kept;
  if (typeof userId !== 'string' || typeof email !== 'string')
    throw new LfctlError('USER_NO_UNDO', { message: 'the journal does not hold what the change was' });
  return {
    userId,
    email,
    name: text(name),
    password: typeof password === 'string' ? password : null,
    memberships: list(kept['memberships']).map(({ id, organizationId, where, role }) => ({
      id: text(id),
      where: text(where),
      organizationId: text(organizationId),
      role: isRole(role) ? role : 'NONE',
    })),
    projectRoles: list(kept['projectRoles']).map(({ projectId, membershipId, role }) => ({
      projectId: text(projectId),
      membershipId: text(membershipId),
      role: isRole(role) ? role : 'NONE',
    })),
    invitations: list(kept['invitations']).map(({ id, row }) => ({
      id: text(id),
      row: isKept(row) ? row : {},
    })),
  };
}

const tables = ['users', 'organization_memberships', 'project_memberships'] as const;

/** Rows of a user as sign-up writes them. */
export async function creationChange(
  postgres: PostgresPort,
  now: () => Date,
  kept: CreationKept,
): Promise<RowChange> {
  const columns = await liveColumns(postgres, tables);
  const { userId, email, memberships, invitations } = kept;
  return {
    id: `create-user:${email}`,
    text: `make the user ${email}${rolesText(kept)}`,
    undo: 'delete the user with its roles',
    kept,
    look: async () => await sideOf(postgres, kept),
    there: () => [
      ...newRows(kept, columns, now()),
      ...invitations.map(({ id }) => deletion('membership_invitations', id)),
    ],
    back: () => [
      ...memberships
        .filter(({ role }) => role === 'OWNER')
        .map(({ organizationId }) => anotherOwner(organizationId, userId)),
      deletion('users', userId),
      ...invitations.map(({ row }) => putBack('membership_invitations', row)),
    ],
  };
}

function rolesText({ memberships, invitations }: CreationKept): string {
  const roles = memberships.map(({ where, role }) => `${role} of ${where}`).join(', ');
  const accepted = invitations.length === 0 ? '' : `, accepting ${String(invitations.length)} invitations`;
  return `${roles === '' ? '' : `, ${roles}`}${accepted}`;
}

const deletion = (table: string, id: string): PostgresStatement => ({
  sql: `DELETE FROM ${quoted(table)} WHERE id = $1`,
  parameters: [id],
  rows: 1,
});

function newRows(
  { userId, email, name, password, memberships, projectRoles }: CreationKept,
  columns: Awaited<ReturnType<typeof liveColumns<(typeof tables)[number]>>>,
  now: Date,
): PostgresStatement[] {
  const times = { created_at: now, updated_at: now };
  return [
    insertRow('users', columns.users, { id: userId, name, email, password, ...times }),
    ...memberships.map(({ id, organizationId, role }) =>
      insertRow('organization_memberships', columns.organization_memberships, {
        id,
        org_id: organizationId,
        user_id: userId,
        role,
        ...times,
      }),
    ),
    ...projectRoles.map(({ projectId, membershipId, role }) =>
      insertRow('project_memberships', columns.project_memberships, {
        project_id: projectId,
        user_id: userId,
        org_membership_id: membershipId,
        role,
        ...times,
      }),
    ),
  ];
}

async function sideOf(postgres: PostgresPort, { userId, email }: CreationKept): Promise<Side> {
  const rows = await postgres.query<{ id: string }>(
    'SELECT id FROM users WHERE id = $1 OR lower(email) = $2',
    [userId, email],
  );
  if (rows.length === 0) return 'before';
  return rows.every(({ id }) => id === userId) ? 'after' : 'other';
}
