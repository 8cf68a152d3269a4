import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Reach, Tenancy } from '../tenancy/access.ts';
import type { OrganizationApi } from '../tenancy/org-api.ts';
import { openOrganizationApi } from '../tenancy/org-api.ts';
import type { OrganizationRef } from '../tenancy/organizations.ts';
import { pickOrganization, readOrganizations } from '../tenancy/organizations.ts';

/** How a project is changed: through the public API, where the app itself writes, or in the database as the app would. */
export type Way =
  | { readonly by: 'api'; readonly api: OrganizationApi }
  | { readonly by: 'sql'; readonly postgres: PostgresPort };

/** What excludes others: the lock, wherever one can be taken at all. */
export const projectsLock = ({ kube, postgres }: Pick<Tenancy, 'kube' | 'postgres'>): string | null =>
  kube.state === 'open' || postgres.state === 'open' ? 'projects' : null;

/** A way, and the organisation that it leads to. */
export interface Route {
  readonly way: Way;
  /** Null where the API alone is asked: it does not say whose its key is. */
  readonly organization: OrganizationRef | null;
  /** Why it is this way, for people. */
  readonly note: string;
}

/**
 * The API where its key is of this organisation, else the database.
 * @param wanted id or name of the organisation; undefined takes the only one
 * @throws LfctlError ORGANIZATION_*, USAGE, or why there is no way
 */
export async function routeTo(tenancy: Tenancy, wanted: string | undefined): Promise<Route> {
  const { postgres } = tenancy;
  const api = await openOrganizationApi(tenancy);
  if (postgres.state !== 'open') return byApiAlone(tenancy, api, wanted);
  const all = await readOrganizations(postgres.port);
  const organization = wanted === undefined ? theOnly(all) : pickOrganization(all, wanted);
  const sql: Way = { by: 'sql', postgres: postgres.port };
  if (api.state !== 'open') return { way: sql, organization, note: `written in Postgres: ${api.why}` };
  if (await isItsKey(tenancy, postgres.port, organization))
    return { way: { by: 'api', api: api.port }, organization, note: 'written by Langfuse itself' };
  return {
    way: sql,
    organization,
    note: 'written in Postgres: the key in LFCTL_ORG_PUBLIC_KEY is of another organisation',
  };
}

function byApiAlone({ postgres }: Tenancy, api: Reach<OrganizationApi>, wanted: string | undefined): Route {
  if (api.state === 'open') {
    if (wanted === undefined)
      return { way: { by: 'api', api: api.port }, organization: null, note: 'written by Langfuse itself' };
    throw new LfctlError('USAGE', {
      message: `without the database it is not known whether the organisation's key is of '${wanted}': do not name it, the key says which`,
    });
  }
  if (postgres.state === 'unknown') throw postgres.error;
  if (api.state === 'unknown') throw api.error;
  const why = postgres.state === 'skipped' ? postgres.why : '';
  throw new LfctlError('NOT_CONFIGURED', {
    message: `projects are changed in Postgres, or through the API for organisations: ${why}; ${api.why}`,
  });
}

function theOnly(all: readonly OrganizationRef[]): OrganizationRef {
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0) return only;
  const there = all.map(({ name }) => name).join(', ');
  throw new LfctlError('USAGE', {
    message:
      only === undefined ? 'there is no organisation yet' : `name the organisation with --org: ${there}`,
  });
}

async function isItsKey(
  { settings }: Tenancy,
  postgres: PostgresPort,
  { id }: OrganizationRef,
): Promise<boolean> {
  const publicKey = settings.organizationKeys.publicKey?.value ?? '';
  const [row] = await postgres.query<{ owner: string | null }>(
    `SELECT to_jsonb(k)->>'organization_id' AS owner FROM api_keys k WHERE public_key = $1`,
    [publicKey],
  );
  return row?.owner === id;
}
