import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Role } from './role.ts';
import type { OrganizationRole, ProjectRole, User } from './user.ts';

interface UserRow {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly admin: boolean;
  readonly password: boolean;
  readonly created_at: Date;
}

interface MembershipRow {
  readonly user_id: string;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

type ProjectRow = MembershipRow & { readonly org_id: string };

const usersSql = `
  SELECT id, email, name, admin, password IS NOT NULL AS password, created_at FROM users ORDER BY lower(email), id`;
const membershipsSql = `
  SELECT m.user_id, o.id, o.name, m.role FROM organization_memberships m JOIN organizations o ON o.id = m.org_id
  ORDER BY o.name, o.id`;
const projectsSql = `
  SELECT m.user_id, p.id, p.name, m.role, p.org_id FROM project_memberships m JOIN projects p ON p.id = m.project_id
  ORDER BY p.name, p.id`;
const accountsSql = 'SELECT DISTINCT user_id, provider FROM "Account" ORDER BY provider';
const seenSql = `
  SELECT user_id, max(created_at) AS at FROM audit_logs WHERE user_id IS NOT NULL GROUP BY user_id`;

/** A user without what depends on others and on the deployment's settings. */
export type PlainUser = Omit<User, 'notes'>;

/** All users. @throws LfctlError POSTGRES_* */
export async function readUsers(postgres: PostgresPort): Promise<PlainUser[]> {
  const users = await postgres.query<UserRow>(usersSql);
  const memberships = await postgres.query<MembershipRow>(membershipsSql);
  const projects = await postgres.query<ProjectRow>(projectsSql);
  const accounts = await postgres.query<{ user_id: string; provider: string }>(accountsSql);
  const seen = await lastSeen(postgres);
  return users.map((user) => ({
    id: user.id,
    email: user.email,
    name: user.name,
    admin: user.admin,
    password: user.password,
    providers: accounts.filter(({ user_id }) => user_id === user.id).map(({ provider }) => provider),
    organizations: memberships
      .filter(({ user_id }) => user_id === user.id)
      .map((membership) => organizationRole(membership, projects)),
    createdAt: user.created_at.toISOString(),
    ...seen(user.id),
  }));
}

function organizationRole(
  { id, name, role, user_id }: MembershipRow,
  projects: readonly ProjectRow[],
): OrganizationRole {
  const own = projects.filter((project) => project.user_id === user_id && project.org_id === id);
  return {
    id,
    name,
    role,
    projects: own.map((project): ProjectRole => ({ id: project.id, name: project.name, role: project.role })),
  };
}

type Seen = Pick<User, 'lastSeenAt' | 'lastSeenSource'>;

/** Only what a user changes leaves a trace: sessions are cookies, and a sign-in writes nothing. */
async function lastSeen(postgres: PostgresPort): Promise<(id: string) => Seen> {
  try {
    const rows = await postgres.query<{ user_id: string; at: Date }>(seenSql);
    const times = new Map(rows.map(({ user_id, at }) => [user_id, at.toISOString()]));
    return (id) => {
      const at = times.get(id);
      return at === undefined
        ? { lastSeenAt: null, lastSeenSource: 'unknown: no audited change, and Langfuse keeps no sign-ins' }
        : { lastSeenAt: at, lastSeenSource: 'last change in audit_logs' };
    };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    const lastSeenSource = `unknown: audit_logs could not be read: ${error.message}`;
    return () => ({ lastSeenAt: null, lastSeenSource });
  }
}
