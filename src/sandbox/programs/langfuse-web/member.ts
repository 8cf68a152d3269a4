import type { IncomingMessage } from 'node:http';
import type { Postgres, SqlRow } from '../langfuse/postgres.ts';
import type { Actor } from './audit.ts';
import { sessionEmail } from './session.ts';
import type { UserDesk } from './sign-in.ts';
import { TrpcError } from './trpc-answer.ts';
import { findUser, type UserRow } from './user-store.ts';

/** Who acts in the user interface, where, and as what. */
export interface Member {
  readonly user: UserRow;
  readonly orgId: string;
  readonly orgRole: string;
  /** Only where a project is acted on. */
  readonly projectId: string | undefined;
  readonly projectRole: string | undefined;
}

interface Roles extends SqlRow {
  readonly org_id: string;
  readonly org_role: string | null;
  readonly project_role: string | null;
}

/**
 * The signed-in user as a member of what the input names (web/src/server/api/trpc.ts). An admin of the instance is
 * OWNER everywhere.
 *
 * @throws TrpcError UNAUTHORIZED
 */
export async function memberOf(
  desk: UserDesk,
  request: IncomingMessage,
  where: { readonly projectId: string } | { readonly orgId: string },
): Promise<Member> {
  const email = sessionEmail(desk.settings, request, new Date());
  const user = email === undefined ? undefined : await findUser(desk, email);
  if (user === undefined) throw new TrpcError('UNAUTHORIZED', 'UNAUTHORIZED');
  const inProject = 'projectId' in where;
  const roles = inProject
    ? await projectRoles(desk.postgres, user.id, where.projectId)
    : await orgRoles(desk.postgres, user.id, where.orgId);
  const orgRole = user.admin ? 'OWNER' : (roles?.org_role ?? null);
  if (roles === undefined || orgRole === null) {
    const what = inProject ? 'project' : 'organization';
    throw new TrpcError('UNAUTHORIZED', `User is not a member of this ${what}`);
  }
  const { org_id: orgId } = roles;
  if (!inProject) return { user, orgId, orgRole, projectId: undefined, projectRole: undefined };
  return { user, orgId, orgRole, projectId: where.projectId, projectRole: roles.project_role ?? orgRole };
}

async function projectRoles(
  postgres: Postgres,
  userId: string,
  projectId: string,
): Promise<Roles | undefined> {
  const [row] = await postgres.query<Roles>(
    `SELECT p.org_id, m.role AS org_role, r.role AS project_role FROM projects p
     LEFT JOIN organization_memberships m ON m.org_id = p.org_id AND m.user_id = $1
     LEFT JOIN project_memberships r ON r.project_id = p.id AND r.user_id = $1 WHERE p.id = $2`,
    [userId, projectId],
  );
  return row;
}

async function orgRoles(postgres: Postgres, userId: string, orgId: string): Promise<Roles | undefined> {
  const [row] = await postgres.query<Roles>(
    `SELECT o.id AS org_id, m.role AS org_role, NULL AS project_role FROM organizations o
     LEFT JOIN organization_memberships m ON m.org_id = o.id AND m.user_id = $1 WHERE o.id = $2`,
    [userId, orgId],
  );
  return row;
}

/** @throws TrpcError FORBIDDEN */
export function requireRole(role: string | undefined, ...allowed: readonly string[]): void {
  if (allowed.includes(role ?? '')) return;
  throw new TrpcError('FORBIDDEN', 'User does not have access to this resource or action');
}

/** The member as audit logs name it. */
export const actorOf = ({ user, orgRole, projectRole }: Member): Actor => ({
  userId: user.id,
  orgRole,
  projectRole,
});
