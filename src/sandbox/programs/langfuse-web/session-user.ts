import { planOf } from '../langfuse/plan.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import type { UserDesk } from './sign-in.ts';
import { findUser } from './user-store.ts';

interface MembershipRow extends SqlRow {
  readonly org_id: string;
  readonly org_name: string;
  readonly role: string;
  readonly project_id: string | null;
  readonly project_name: string | null;
  readonly project_role: string | null;
}

/**
 * The user as the session has it: read again by e-mail address at each request, so that a change of roles shows at once
 * and a deleted user is nobody. Undefined when there is none.
 */
export async function sessionUser(desk: UserDesk, email: string): Promise<object | undefined> {
  const user = await findUser(desk, email);
  if (user === undefined) return undefined;
  const { id, name, image, admin } = user;
  return {
    id,
    name,
    email: user.email,
    image,
    admin,
    canCreateOrganizations: true,
    organizations: await organizationsOf(desk, id),
    emailVerified: user.email_verified?.toISOString(),
    hasPassword: user.password !== null,
  };
}

async function organizationsOf(desk: UserDesk, userId: string): Promise<object[]> {
  const rows = await desk.postgres.query<MembershipRow>(
    `SELECT o.id AS org_id, o.name AS org_name, m.role, p.id AS project_id, p.name AS project_name,
       r.role AS project_role
     FROM organization_memberships m JOIN organizations o ON o.id = m.org_id
     LEFT JOIN projects p ON p.org_id = o.id ${desk.release.generation === 2 ? '' : 'AND p.deleted_at IS NULL'}
     LEFT JOIN project_memberships r ON r.user_id = m.user_id AND r.project_id = p.id
     WHERE m.user_id = $1 ORDER BY m.created_at DESC, p.created_at DESC`,
    [userId],
  );
  const plan = planOf(desk.settings);
  const ids = [...new Set(rows.map(({ org_id: id }) => id))];
  return ids.map((id) => {
    const own = rows.filter((row) => row.org_id === id);
    const projects = own.flatMap(projectOf);
    return { id, name: own[0]?.org_name, role: own[0]?.role, plan, projects };
  });
}

/** A project's own role counts over the organisation's; NONE hides the project. */
function projectOf(row: MembershipRow): object[] {
  const { project_id: id, project_name: name } = row;
  const role = row.project_role ?? row.role;
  return id === null || role === 'NONE' ? [] : [{ id, name, role }];
}
