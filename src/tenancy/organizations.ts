import { LfctlError } from '../errors/error.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { PostgresPort } from '../ports/postgres.ts';

/** An organisation as it is named. */
export interface OrganizationRef {
  readonly id: string;
  readonly name: string;
}

/** An organisation with what belongs to it. */
export interface Organization extends OrganizationRef {
  /** RFC 3339. */
  readonly createdAt: string;
  /** Without those that are being deleted. */
  readonly projects: number;
  readonly members: number;
  /** Keys of organisation scope; they came with 3.50. */
  readonly keys: number;
}

/** All organisations by name. @throws LfctlError POSTGRES_* */
export async function readOrganizations(postgres: PostgresPort): Promise<Organization[]> {
  const rows = await postgres.query<Omit<Organization, 'createdAt'> & { readonly createdAt: Date }>(
    `SELECT o.id, o.name, o.created_at AS "createdAt",
       (SELECT count(*)::int FROM projects p WHERE p.org_id = o.id AND to_jsonb(p)->>'deleted_at' IS NULL) AS projects,
       (SELECT count(*)::int FROM organization_memberships m WHERE m.org_id = o.id) AS members,
       (SELECT count(*)::int FROM api_keys k WHERE to_jsonb(k)->>'organization_id' = o.id) AS keys
     FROM organizations o ORDER BY o.name, o.id`,
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

const shown = 10;

/**
 * The organisation of this id, else the only one of this name: no unique key holds names apart.
 * @throws LfctlError ORGANIZATION_UNKNOWN, ORGANIZATION_AMBIGUOUS, each with the candidates
 */
export function pickOrganization<Ref extends OrganizationRef>(all: readonly Ref[], wanted: string): Ref {
  const byId = all.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [found, ...more] = all.filter(({ name }) => name === wanted);
  if (found !== undefined && more.length === 0) return found;
  if (found !== undefined)
    throw new LfctlError('ORGANIZATION_AMBIGUOUS', {
      message: `${String(more.length + 1)} organisations have the name '${wanted}': ${[found, ...more].map(({ id }) => id).join(', ')}`,
    });
  const few = all.slice(0, shown).map(({ id, name }) => `${name} (${id})`);
  const there = few.length === 0 ? 'there is none' : `there are ${few.join(', ')}`;
  const near = didYouMean(
    wanted,
    all.map(({ name }) => name),
  );
  throw new LfctlError('ORGANIZATION_UNKNOWN', {
    message: `no organisation has the id or the name '${wanted}': ${there}${all.length > shown ? ' and more' : ''}`,
    fixes: near === null ? [] : [{ text: near }],
  });
}
