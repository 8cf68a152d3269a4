import { HttpError, type Answer } from '../answer.ts';
import { checkKey } from '../auth.ts';
import type { Call, Route } from '../route.ts';
import type { Web } from '../web.ts';

interface ProjectRow extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly org_id: string;
  readonly org_name: string;
  readonly metadata: unknown;
  readonly retention_days: number | null;
}

async function projects(web: Web, call: Call): Promise<Answer> {
  const check = await checkKey(web, call.request.headers.authorization);
  if (!check.validKey) throw new HttpError(401, { message: check.error });
  const { projectId, accessLevel } = check.scope;
  if (projectId === null || accessLevel !== 'project')
    throw new HttpError(403, { message: 'Invalid API key. Are you using an organization key?' });
  const rows = await web.postgres.query<ProjectRow>(
    `SELECT p.id, p.name, p.metadata, p.retention_days, o.id AS org_id, o.name AS org_name
     FROM projects p JOIN organizations o ON o.id = p.org_id WHERE p.id = $1 AND p.deleted_at IS NULL`,
    [projectId],
  );
  const data = rows.map((row) => ({
    id: row.id,
    name: row.name,
    organization: { id: row.org_id, name: row.org_name },
    metadata: row.metadata ?? {},
    ...(row.retention_days === null || row.retention_days === 0 ? {} : { retentionDays: row.retention_days }),
  }));
  return { status: 200, json: { data } };
}

export const projectRoutes: readonly Route[] = [{ path: '/api/public/projects', methods: { GET: projects } }];
