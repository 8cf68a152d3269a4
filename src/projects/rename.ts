import type { Step } from '../plan/plan.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { verifiedGeneration } from '../tenancy/access.ts';
import { parameterOf } from '../tenancy/rows.ts';
import { putName, requireFreeByApi } from './api.ts';
import { requireFree } from './create.ts';
import { findProject } from './find.ts';
import { requireName } from './name.ts';
import type { PlannedRun } from './plan-create.ts';
import type { Project } from './project.ts';
import type { Way } from './way.ts';
import { projectsLock, routeTo } from './way.ts';

/** @throws LfctlError PROJECT_*, VERSION_UNVERIFIED, POSTGRES_*, LANGFUSE_* */
export async function planRename(
  tenancy: Tenancy,
  wish: { readonly project: string; readonly name: string; readonly unverifiedVersion: boolean },
): Promise<PlannedRun> {
  requireName(wish.name, verifiedGeneration(tenancy, wish.unverifiedVersion));
  const project = await findProject(tenancy, wish.project);
  const { way, note } = await routeTo(tenancy, project.organization?.id);
  const isSame = project.name === wish.name;
  if (!isSame) await refuseTaken(way, project, wish.name);
  return {
    plan: {
      operation: 'project rename',
      subject: `project ${project.id}`,
      lock: projectsLock(tenancy),
      tier: 'small',
      input: { project: project.id, name: wish.name },
      basis: { project: project.id, name: project.name, by: way.by },
      steps: isSame ? [] : [renameStep(tenancy, way, project, wish.name)],
      onFailure: 'undo',
      notes: isSame ? [`the project's name is ${wish.name} already`] : [note],
    },
  };
}

async function refuseTaken(way: Way, { id, organization }: Project, name: string): Promise<void> {
  if (way.by === 'sql') await requireFree(way.postgres, organization?.id ?? '', name, id);
  else await requireFreeByApi(way.api, name);
}

function renameStep(tenancy: Tenancy, way: Way, project: Project, name: string): Step {
  const to = async (from: string, other: string): Promise<void> => {
    switch (way.by) {
      case 'sql':
        return await update(tenancy, way.postgres, project.id, from, other);
      case 'api':
        return await putName(way.api, project.id, other);
    }
  };
  return {
    id: `rename-project:${project.id}`,
    text: `rename the project ${project.name} to ${name}, ${way.by === 'api' ? 'through the API' : 'in Postgres'}`,
    undo: `rename it to ${project.name} again`,
    apply: async () => {
      await to(project.name, name);
      return { from: project.name };
    },
    revert: async () => await to(name, project.name),
  };
}

/** Only the row that was looked at; one that has the name already is what a killed run left. */
async function update(
  { now }: Tenancy,
  postgres: PostgresPort,
  id: string,
  from: string,
  to: string,
): Promise<void> {
  const [row] = await postgres.query<{ name: string }>('SELECT name FROM projects WHERE id = $1', [id]);
  if (row?.name === to) return;
  await postgres.change([
    {
      sql: 'UPDATE projects SET name = $3, updated_at = $4 WHERE id = $1 AND name = $2',
      parameters: [id, from, to, parameterOf(now())],
      rows: 1,
    },
  ]);
}
