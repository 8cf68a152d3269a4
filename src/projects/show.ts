import { envText } from '../deployment/resolve-env.ts';
import { keysOfProject } from '../keys/row.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { pickAmong } from './find.ts';
import { listProjects } from './list.ts';
import type { Project, ProjectListing } from './project.ts';

/** One project with what belongs to it. */
export interface ProjectDetails extends Pick<ProjectListing, 'unknown' | 'incomplete'> {
  readonly project: Project;
  readonly keys: readonly {
    readonly publicKey: string;
    readonly note: string | null;
    /** RFC 3339. */
    readonly createdAt: string;
  }[];
  /** How many have which role in it; null where the database was not asked. */
  readonly members: readonly { readonly role: string; readonly count: number }[] | null;
  /** The variable of web that makes the project again at each start; null where none does. */
  readonly provisionedBy: string | null;
}

/** @throws LfctlError PROJECT_UNKNOWN, PROJECT_AMBIGUOUS, and those of `listProjects` */
export async function showProject(tenancy: Tenancy, wanted: string): Promise<ProjectDetails> {
  const { postgres } = tenancy;
  const { projects, unknown, incomplete } = await listProjects(tenancy);
  const project = pickAmong(projects, wanted);
  const port = postgres.state === 'open' ? postgres.port : null;
  return {
    project,
    keys: port === null ? [] : await keysIn(port, project.id),
    members: port === null ? null : await membersIn(port, project),
    provisionedBy: provisionedBy(tenancy, project.id),
    unknown,
    incomplete,
  };
}

async function keysIn(postgres: PostgresPort, projectId: string): Promise<ProjectDetails['keys']> {
  const keys = (await keysOfProject(postgres, projectId)).filter(({ isAgentKey }) => !isAgentKey);
  return keys.map(({ publicKey, note, createdAt }) => ({ publicKey, note, createdAt }));
}

/** A role in the project goes before the one in its organisation (web/src/features/rbac of langfuse/langfuse). */
async function membersIn(
  postgres: PostgresPort,
  { id, organization }: Project,
): Promise<NonNullable<ProjectDetails['members']>> {
  return await postgres.query(
    `SELECT role, count(*)::int AS count FROM (
       SELECT COALESCE(p.role, m.role)::text AS role FROM organization_memberships m
       LEFT JOIN project_memberships p ON p.user_id = m.user_id AND p.project_id = $2
       WHERE m.org_id = $1) roles
     WHERE role <> 'NONE' GROUP BY role ORDER BY role`,
    [organization?.id ?? '', id],
  );
}

/** LANGFUSE_INIT_PROJECT_ID of any web workload (web/src/initialize.ts of langfuse/langfuse). */
export function provisionedBy({ deployment }: Tenancy, projectId: string): string | null {
  const variable = 'LANGFUSE_INIT_PROJECT_ID';
  const webs = deployment?.components.filter(({ role }) => role === 'web') ?? [];
  return webs.some(({ env }) => envText(env, variable) === projectId) ? variable : null;
}
