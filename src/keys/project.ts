import { LfctlError } from '../errors/error.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { PostgresPort } from '../ports/postgres.ts';

/** A project as it is named. */
export interface ProjectRef {
  readonly id: string;
  readonly name: string;
  readonly organization: { readonly id: string; readonly name: string };
}

/** Projects that are not being deleted (`deleted_at` came with 3.0), by organisation and name. */
export async function projects(postgres: PostgresPort): Promise<ProjectRef[]> {
  return await postgres.query<ProjectRef>(
    `select p.id, p.name, jsonb_build_object('id', o.id, 'name', o.name) as organization
       from projects p join organizations o on o.id = p.org_id
      where to_jsonb(p)->>'deleted_at' is null
      order by o.name, p.name, p.id`,
  );
}

/**
 * The project of this id, else the only one of this name.
 * @throws LfctlError PROJECT_UNKNOWN, PROJECT_AMBIGUOUS, each with the candidates
 */
export async function resolveProject(postgres: PostgresPort, wanted: string): Promise<ProjectRef> {
  return pickProject(await projects(postgres), wanted);
}

/** The same of a known list. */
export function pickProject(all: readonly ProjectRef[], wanted: string): ProjectRef {
  const byId = all.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [first, ...more] = all.filter(({ name }) => name === wanted);
  if (first !== undefined && more.length === 0) return first;
  if (first !== undefined)
    throw new LfctlError('PROJECT_AMBIGUOUS', {
      message: `${String(more.length + 1)} projects have the name '${wanted}': ${[first, ...more].map(named).join(', ')}`,
    });
  throw unknownProject(all, wanted);
}

function unknownProject(all: readonly ProjectRef[], wanted: string): LfctlError {
  const near = didYouMean(
    wanted,
    all.map(({ name }) => name),
  );
  const few = all.slice(0, shown).map(named).join(', ');
  const there =
    all.length === 0 ? 'there is none' : `there are ${few}${all.length > shown ? ' and more' : ''}`;
  return new LfctlError('PROJECT_UNKNOWN', {
    message: `no project has the id or the name '${wanted}': ${there}`,
    fixes: near === null ? [] : [{ text: near }],
  });
}

const shown = 10;
const named = ({ id, name, organization }: ProjectRef): string => `${organization.name}/${name} (${id})`;
