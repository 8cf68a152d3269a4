import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { OrganizationRef } from '../tenancy/organizations.ts';
import { pickOrganization, readOrganizations } from '../tenancy/organizations.ts';

/** The organization of this id or name; without either the only one there is. @throws LfctlError ORGANIZATION_*, USAGE */
export async function organizationMeant(
  postgres: PostgresPort,
  wanted: string | undefined,
): Promise<OrganizationRef> {
  const all = await readOrganizations(postgres);
  if (wanted !== undefined) return pickOrganization(all, wanted);
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0) return only;
  const there = all.map(({ id, name }) => `${name} (${id})`).join(', ');
  throw new LfctlError('USAGE', {
    message: all.length === 0 ? 'there is no organization' : `--org is needed, for there are ${there}`,
  });
}
