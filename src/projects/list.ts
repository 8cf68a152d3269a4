import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Reach, Tenancy } from '../tenancy/access.ts';
import type { OrganizationApi } from '../tenancy/org-api.ts';
import { openOrganizationApi } from '../tenancy/org-api.ts';
import { pickOrganization, readOrganizations } from '../tenancy/organizations.ts';
import { listByApi } from './list-api.ts';
import type { Project, ProjectListing } from './project.ts';
import { readTraffic } from './traffic.ts';

type Row = Omit<Project, 'createdAt' | 'deletionPendingSince' | 'tracesLastDay'> & {
  readonly createdAt: Date;
  readonly deletedAt: string | null;
};

/** `to_jsonb` gives whatever columns there are: retention_days came with 3.14, deleted_at with 3.0. */
const sql = `SELECT p.id, p.name, p.created_at AS "createdAt",
    jsonb_build_object('id', o.id, 'name', o.name) AS organization,
    (to_jsonb(p)->>'retention_days')::int AS "retentionDays",
    to_jsonb(p)->>'deleted_at' AS "deletedAt",
    (SELECT count(*)::int FROM api_keys k WHERE k.project_id = p.id
       AND to_jsonb(k)->>'is_in_app_agent_key' IS DISTINCT FROM 'true') AS keys
  FROM projects p JOIN organizations o ON o.id = p.org_id
  ORDER BY o.name, o.id, p.name, p.id`;

/** All projects, with their traffic. @throws LfctlError why they cannot be read */
export async function listProjects(tenancy: Tenancy): Promise<ProjectListing> {
  const listing = await readProjects(tenancy);
  const traffic = await readTraffic(tenancy);
  if (traffic.state !== 'open')
    return {
      projects: listing.projects,
      unknown: { ...listing.unknown, tracesLastDay: traffic.why },
      incomplete: listing.incomplete || traffic.state === 'unknown',
    };
  const projects = listing.projects.map((one) => ({ ...one, tracesLastDay: traffic.port.get(one.id) ?? 0 }));
  return { ...listing, projects };
}

/**
 * All projects without their traffic: from the database where it is reached, else those of the organisation whose
 * key is set. @throws LfctlError why neither can be asked
 */
export async function readProjects(tenancy: Tenancy): Promise<ProjectListing> {
  const { postgres } = tenancy;
  if (postgres.state === 'open')
    return { projects: await inPostgres(postgres.port), unknown: {}, incomplete: false };
  const api = await openOrganizationApi(tenancy);
  if (api.state !== 'open') throw neither(tenancy, api);
  return { ...(await listByApi(api.port, postgres.why)), incomplete: postgres.state === 'unknown' };
}

/** Why projects can be read neither way. */
function neither({ postgres }: Tenancy, api: Reach<OrganizationApi>): LfctlError {
  if (postgres.state === 'unknown') return postgres.error;
  if (api.state === 'unknown') return api.error;
  const whys = [postgres, api].map((reached) => (reached.state === 'open' ? '' : reached.why));
  return new LfctlError('NOT_CONFIGURED', {
    message: `projects are in Postgres, or behind the API for organisations: ${whys.join('; ')}`,
  });
}

/** As the database has them. */
async function inPostgres(postgres: PostgresPort): Promise<Project[]> {
  return (await postgres.query<Row>(sql)).map(({ deletedAt, retentionDays, ...row }) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    // The app takes 0 as for ever, too.
    retentionDays: retentionDays === 0 ? null : retentionDays,
    deletionPendingSince: deletedAt === null ? null : new Date(`${deletedAt}Z`).toISOString(),
    tracesLastDay: null,
  }));
}

/** Those of one organisation; all where none is wanted. @throws LfctlError ORGANIZATION_* */
export async function ofOrganization(
  { postgres }: Tenancy,
  listing: ProjectListing,
  wanted: string | undefined,
): Promise<ProjectListing> {
  if (wanted === undefined) return listing;
  const all = postgres.state === 'open' ? await readOrganizations(postgres.port) : [];
  const { id } = pickOrganization(all, wanted);
  return { ...listing, projects: listing.projects.filter(({ organization }) => organization?.id === id) };
}
