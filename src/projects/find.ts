import { LfctlError } from '../errors/error.ts';
import { pickProject } from '../keys/project.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { readProjects } from './list.ts';
import type { Project } from './project.ts';

/** The project of an id or a name. @throws LfctlError PROJECT_UNKNOWN, PROJECT_AMBIGUOUS, or why none can be read */
export async function findProject(tenancy: Tenancy, wanted: string): Promise<Project> {
  return pickAmong((await readProjects(tenancy)).projects, wanted);
}

/** One that is being deleted is found by its id alone: a new one may have its name. @throws as `findProject` */
export function pickAmong(projects: readonly Project[], wanted: string): Project {
  const named = projects.filter(
    ({ id, deletionPendingSince }) => id === wanted || deletionPendingSince === null,
  );
  const refs = named.map(({ id, name, organization }) => ({
    id,
    name,
    organization: organization ?? { id: '', name: '?' },
  }));
  const { id } = pickProject(refs, wanted);
  const found = projects.find((one) => one.id === id);
  if (found === undefined)
    throw new LfctlError('PROJECT_UNKNOWN', { message: `no project has the id ${id}` });
  return found;
}
