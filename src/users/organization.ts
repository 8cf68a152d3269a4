import { LfctlError } from '../errors/error.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { PostgresPort } from '../ports/postgres.ts';

/** An organization as it is named. */
export interface OrganizationRef {
  readonly id: string;
  readonly name: string;
}

export async function organizations(postgres: PostgresPort): Promise<OrganizationRef[]> {
  return await postgres.query<OrganizationRef>('SELECT id, name FROM organizations ORDER BY name, id');
}

/**
 * The organization of this id, else the only one of this name; without either the only one there is.
 * @throws LfctlError USAGE with the candidates
 */
export function pickOrganization(
  all: readonly OrganizationRef[],
  wanted: string | undefined,
): OrganizationRef {
  const found = wanted === undefined ? all : all.filter(({ id, name }) => id === wanted || name === wanted);
  const [first, ...more] = found.some(({ id }) => id === wanted)
    ? found.filter(({ id }) => id === wanted)
    : found;
  if (first !== undefined && more.length === 0) return first;
  throw new LfctlError('USAGE', { message: wrongWords(all, wanted, found) });
}

function wrongWords(
  all: readonly OrganizationRef[],
  wanted: string | undefined,
  found: readonly OrganizationRef[],
): string {
  const named = (some: readonly OrganizationRef[]): string =>
    some
      .slice(0, shown)
      .map(({ id, name }) => `${name} (${id})`)
      .join(', ');
  if (all.length === 0) return 'there is no organization';
  if (wanted === undefined) return `--org is needed: there are ${named(all)}`;
  if (found.length > 0)
    return `${String(found.length)} organizations have the name '${wanted}': ${named(found)}; give the id`;
  const near = didYouMean(
    wanted,
    all.map(({ name }) => name),
  );
  return `no organization has the id or the name '${wanted}'; ${near ?? `there are ${named(all)}`}`;
}

const shown = 10;
