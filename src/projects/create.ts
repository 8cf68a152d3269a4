import { LfctlError } from '../errors/error.ts';
import type { Step } from '../plan/plan.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { recordOf } from '../tenancy/org-api.ts';
import type { OrganizationRef } from '../tenancy/organizations.ts';
import { insertRow, liveColumns } from '../tenancy/rows.ts';
import { findByName, postProject, removeByApi } from './api.ts';
import type { Way } from './way.ts';

/** A project that is to be. */
export interface NewProject {
  /** Fixed by the plan, so that a killed run finds what it made; the API gives one of its own. */
  readonly id: string;
  readonly name: string;
  /** Null where the API's key alone says which. */
  readonly organization: OrganizationRef | null;
  /** 0 for keeping all; undefined leaves it to Langfuse. */
  readonly retentionDays?: number;
}

/** Makes the project as the app does: a row with a new id, both times alike, everything else by default. */
export function createProjectStep(tenancy: Tenancy, way: Way, project: NewProject): Step {
  const where = project.organization?.name ?? '';
  const id = `create-project:${where}/${project.name}`;
  const kept = project.retentionDays === undefined ? '' : `, traces kept ${daysText(project.retentionDays)}`;
  return {
    id,
    text: `make the project ${project.name}${where === '' ? '' : ` in ${where}`}${kept}, ${way.by === 'api' ? 'through the API' : 'in Postgres'}`,
    undo: 'delete it again, as long as nothing was added to it',
    intent: { id: project.id },
    apply: async ({ record }) => {
      const known = projectIdOf(record(id)) ?? project.id;
      switch (way.by) {
        case 'sql':
          return { id: await insert(tenancy, way.postgres, { ...project, id: known }) };
        case 'api':
          return { id: await postProject(way.api, project.name, project.retentionDays) };
      }
    },
    revert: async (record) => await takeBack(way, projectIdOf(record) ?? project.id, project.name),
  };
}

const daysText = (days: number): string => (days === 0 ? 'for ever' : `${String(days)} days`);

/** The id that a record or an intent of `createProjectStep` names. */
export function projectIdOf(record: unknown): string | null {
  const { id } = recordOf(record);
  return typeof id === 'string' ? id : null;
}

async function insert(
  { now }: Tenancy,
  postgres: PostgresPort,
  { id, name, organization, retentionDays }: NewProject,
): Promise<string> {
  // What a killed run of this plan has made already.
  if ((await postgres.query('SELECT 1 FROM projects WHERE id = $1', [id])).length > 0) return id;
  const orgId = organization?.id ?? '';
  await requireFree(postgres, orgId, name);
  const { projects: columns } = await liveColumns(postgres, ['projects']);
  const at = now();
  const row = insertRow('projects', columns, {
    id,
    created_at: at,
    updated_at: at,
    name,
    org_id: orgId,
    ...(retentionDays === undefined ? {} : { retention_days: retentionDays }),
  });
  await postgres.change([row]);
  return id;
}

/** @throws LfctlError PROJECT_TAKEN */
export async function requireFree(
  postgres: PostgresPort,
  orgId: string,
  name: string,
  except = '',
): Promise<void> {
  const [taken] = await postgres.query<{ id: string }>(
    `SELECT id FROM projects p WHERE org_id = $1 AND name = $2 AND id <> $3 AND to_jsonb(p)->>'deleted_at' IS NULL`,
    [orgId, name, except],
  );
  if (taken !== undefined)
    throw new LfctlError('PROJECT_TAKEN', {
      message: `the organisation has a project '${name}' already: ${taken.id}`,
    });
}

async function takeBack(way: Way, id: string, name: string): Promise<void> {
  switch (way.by) {
    case 'sql':
      if ((await way.postgres.query('SELECT 1 FROM projects WHERE id = $1', [id])).length > 0)
        await way.postgres.change([deleteUntouched(id)]);
      return;
    case 'api':
      await removeByApi(way.api, (await findByName(way.api, name)) ?? id);
  }
}

/** With a key or a trace it is somebody's by now. */
const deleteUntouched = (id: string): PostgresStatement => ({
  sql: `DELETE FROM projects p WHERE id = $1
    AND NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.project_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM prompts k WHERE k.project_id = p.id)
    AND to_jsonb(p)->>'has_traces' IS DISTINCT FROM 'true'`,
  parameters: [id],
  rows: 1,
});
