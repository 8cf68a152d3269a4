import { uuid } from '../langfuse/ids.ts';
import { insertRow } from '../langfuse/insert.ts';
import type { Postgres, SqlRow } from '../langfuse/postgres.ts';
import { auditLog, type Actor } from './audit.ts';
import { invalidate, type KeyKeeper, type KeyRow } from './key-store.ts';
import type { ProjectFields } from './project-fields.ts';
import type { Web } from './web.ts';

/** A row of projects, as far as it is read. */
export interface ProjectRow extends SqlRow {
  readonly id: string;
  readonly org_id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
  readonly name: string;
  readonly retention_days: number | null;
  readonly has_traces: boolean;
  readonly metadata: unknown;
}

/** A project as POST and PUT answer it. */
export function projectAnswer({ id, name, metadata, retention_days: days }: ProjectRow): object {
  return {
    id,
    name,
    metadata: metadata ?? {},
    ...(days === null || days === 0 ? {} : { retentionDays: days }),
  };
}

/** @throws PrismaError */
export async function createProject(
  { postgres }: Web,
  orgId: string,
  { name, retentionDays, metadata }: ProjectFields,
): Promise<ProjectRow> {
  return await insertProject(postgres, { name, org_id: orgId, retention_days: retentionDays, metadata });
}

/** One row of projects, of any generation. @throws PrismaError */
export async function insertProject(
  postgres: Postgres,
  fields: Readonly<Record<string, unknown>>,
): Promise<ProjectRow> {
  return await insertRow<ProjectRow>(postgres, 'projects', fields);
}

/** What was not given stays. @throws PrismaError */
export async function updateProject(
  { postgres }: Web,
  projectId: string,
  { name, retentionDays, metadata }: ProjectFields,
): Promise<ProjectRow> {
  const [row] = await postgres.query<ProjectRow>(
    `UPDATE projects SET name = $2, retention_days = COALESCE($3, retention_days),
       metadata = COALESCE($4, metadata), updated_at = now() WHERE id = $1 RETURNING *`,
    [projectId, name, retentionDays ?? null, metadata === undefined ? null : JSON.stringify(metadata)],
  );
  if (row === undefined) throw new Error(`No project ${projectId}`);
  return row;
}

/** Fields of the app's own object, in the order of its schema; 2 has fewer. */
const objectFields = [
  ['id', 'id'],
  ['orgId', 'org_id'],
  ['createdAt', 'created_at'],
  ['updatedAt', 'updated_at'],
  ['deletedAt', 'deleted_at'],
  ['name', 'name'],
  ['retentionDays', 'retention_days'],
  ['hasTraces', 'has_traces'],
  ['metadata', 'metadata'],
  ['homeDashboardId', 'home_dashboard_id'],
] as const;

/** A project as audit logs keep it. */
export function projectObject(row: ProjectRow): object {
  return Object.fromEntries(
    objectFields.flatMap(([field, column]) => (column in row ? [[field, row[column]]] : [])),
  );
}

/**
 * The app's way: cache, keys, deleted_at, audit log, then a job for the worker
 * (web/src/ee/features/admin-api/server/projects/projectById/index.ts).
 *
 * @throws PrismaError
 */
export async function deleteProject(web: Web, orgId: string, projectId: string, by: Actor): Promise<void> {
  await invalidateProject(web, projectId);
  await web.postgres.query(`DELETE FROM api_keys WHERE project_id = $1 AND scope = 'PROJECT'`, [projectId]);
  const [project] = await web.postgres.query<ProjectRow>(
    'UPDATE projects SET deleted_at = now(), updated_at = now() WHERE id = $1 AND org_id = $2 RETURNING *',
    [projectId, orgId],
  );
  await auditLog(web.postgres, {
    by,
    orgId,
    projectId,
    resourceType: 'project',
    resourceId: projectId,
    action: 'delete',
    before: project && projectObject(project),
  });
  await queueDeletion(web, orgId, projectId);
}

/** Takes the project's keys out of the cache. */
export async function invalidateProject(keeper: KeyKeeper, projectId: string): Promise<void> {
  const rows = await keeper.postgres.query<KeyRow>('SELECT * FROM api_keys WHERE project_id = $1', [
    projectId,
  ]);
  await invalidate(keeper, rows, `project ${projectId}`);
}

/** The job waits a minute, and is tried ten times (packages/shared/src/server/redis/projectDelete.ts). */
async function queueDeletion({ queues, host }: Web, orgId: string, projectId: string): Promise<void> {
  const name = 'project-delete';
  const queue = await queues.get(name);
  const data = { timestamp: new Date().toISOString(), id: uuid(), payload: { projectId, orgId }, name };
  await queue.add(name, data, {
    removeOnComplete: true,
    removeOnFail: 100_000,
    attempts: 10,
    delay: 60_000 / host.timeScale,
    backoff: { type: 'exponential', delay: 5000 },
  });
}
