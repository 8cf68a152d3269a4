import type { PostgresPort } from '../ports/postgres.ts';
import { newCuid } from '../tenancy/cuid.ts';
import type { Invitation } from './invitations.ts';
import type { Role } from './role.ts';
import type { WebSettings } from './web-settings.ts';

/** A membership that a new user gets. */
export interface NewMembership {
  readonly id: string;
  readonly organizationId: string;
  /** The organization's name. */
  readonly where: string;
  readonly role: Role;
}

/** A role of its own in a project. */
export interface NewProjectRole {
  readonly projectId: string;
  readonly membershipId: string;
  readonly role: Role;
}

export interface NewRoles {
  readonly memberships: readonly NewMembership[];
  readonly projectRoles: readonly NewProjectRole[];
}

interface Known {
  /** Organization → its name. */
  readonly organizations: ReadonlyMap<string, string>;
  /** Project → its organization. */
  readonly projects: ReadonlyMap<string, string>;
}

/**
 * What sign-up gives a new user, in its order: the default organizations and projects of web's settings, then the
 * invitations; what was asked for goes before all of them (features/auth/lib/createProjectMembershipsOnSignup.ts).
 */
export async function newRoles(
  postgres: PostgresPort,
  wanted: { readonly organizationId: string; readonly role: Role } | null,
  { defaults, projectRolesEntitled }: WebSettings,
  invitations: readonly Invitation[],
  now: Date,
): Promise<NewRoles> {
  const known = await knownPlaces(postgres, defaults.projects);
  const memberships = new Map<string, NewMembership>();
  const projectRoles = new Map<string, NewProjectRole>();
  const join = (organizationId: string, role: Role): NewMembership => {
    const where = known.organizations.get(organizationId) ?? organizationId;
    const membership = memberships.get(organizationId) ?? { id: newCuid(now), organizationId, where, role };
    memberships.set(organizationId, membership);
    return membership;
  };
  const place = (projectId: string, membership: NewMembership, role: Role): void => {
    if (!projectRoles.has(projectId))
      projectRoles.set(projectId, { projectId, membershipId: membership.id, role });
  };
  if (wanted !== null) join(wanted.organizationId, wanted.role);
  for (const id of defaults.organizations)
    if (known.organizations.has(id)) join(id, defaults.organizationRole);
  for (const id of defaults.projects) {
    const organizationId = known.projects.get(id);
    if (organizationId === undefined) continue;
    const membership = join(organizationId, defaults.projectRole);
    if (projectRolesEntitled) place(id, membership, defaults.projectRole);
  }
  for (const { organizationId, role, projectId, projectRole } of invitations) {
    const membership = join(organizationId, role);
    if (projectId !== null && projectRole !== null) place(projectId, membership, projectRole);
  }
  return { memberships: [...memberships.values()], projectRoles: [...projectRoles.values()] };
}

/** Settings may name what is no longer there. */
async function knownPlaces(postgres: PostgresPort, defaultProjects: readonly string[]): Promise<Known> {
  const organizations = await postgres.query<{ id: string; name: string }>(
    'SELECT id, name FROM organizations',
  );
  const projects = await postgres.query<{ id: string; organization: string }>(
    'SELECT id, org_id AS organization FROM projects WHERE id = ANY($1)',
    [[...defaultProjects]],
  );
  return {
    organizations: new Map(organizations.map(({ id, name }) => [id, name])),
    projects: new Map(projects.map(({ id, organization }) => [id, organization])),
  };
}
