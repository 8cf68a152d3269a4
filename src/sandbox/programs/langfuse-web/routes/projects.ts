import { HttpError, type Answer } from '../answer.ts';
import { checkKey } from '../auth.ts';
import { organizationScope, ownProject } from '../organization-scope.ts';
import { named, uncaught } from '../own-failure.ts';
import { projectFields } from '../project-fields.ts';
import { createProject, deleteProject, projectAnswer, updateProject } from '../project-store.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

interface ListedRow extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly org_id: string;
  readonly org_name: string;
  readonly metadata: unknown;
  readonly retention_days: number | null;
}

/** The key's own project; a key whose project is being deleted gets none. */
async function ownProjects(web: Web, call: Call): Promise<Answer> {
  const check = await checkKey(web, call.request.headers.authorization);
  if (!check.validKey) throw new HttpError(401, { message: check.error });
  const { projectId, accessLevel } = check.scope;
  if (projectId === null || accessLevel !== 'project')
    throw new HttpError(403, { message: 'Invalid API key. Are you using an organization key?' });
  const rows = await web.postgres.query<ListedRow>(
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

/** The name is unique within the organisation for who asks here, not in the table. */
async function create(web: Web, call: Call): Promise<Answer> {
  const { orgId, plan } = await organizationScope(web, call, 'message');
  return await named(web, 'Failed to create project', 'message', async () => {
    const fields = projectFields(await jsonBody(call), plan);
    const same = await web.postgres.query(
      'SELECT id FROM projects WHERE name = $1 AND org_id = $2 AND deleted_at IS NULL',
      [fields.name, orgId],
    );
    if (same.length > 0)
      throw new HttpError(409, { message: 'A project with this name already exists in your organization' });
    return { status: 201, json: projectAnswer(await createProject(web, orgId, fields)) };
  });
}

async function update(web: Web, call: Call): Promise<Answer> {
  const scope = await organizationScope(web, call, 'message');
  const { projectId = '' } = call.parameters;
  await ownProject(web, scope, projectId, true);
  return await named(web, 'Failed to update project', 'message', async () => {
    const fields = projectFields(await jsonBody(call), scope.plan);
    return { status: 200, json: projectAnswer(await updateProject(web, projectId, fields)) };
  });
}

async function remove(web: Web, call: Call): Promise<Answer> {
  const scope = await organizationScope(web, call, 'message');
  const { projectId = '' } = call.parameters;
  await ownProject(web, scope, projectId, true);
  return await named(web, 'Failed to delete project', 'message', async () => {
    await deleteProject(web, scope.orgId, projectId, { apiKeyId: scope.apiKeyId });
    const message = 'Project deletion has been initiated and is being processed asynchronously';
    return { status: 202, json: { success: true, message } };
  });
}

const notAllowed = { message: 'Method not allowed' };

/** web/src/pages/api/public/projects. */
export const projectRoutes: readonly Route[] = [
  { path: '/api/public/projects', methods: { GET: ownProjects, POST: uncaught(create) }, notAllowed },
  {
    path: '/api/public/projects/:projectId',
    methods: { PUT: uncaught(update), DELETE: uncaught(remove) },
    notAllowed,
  },
];
