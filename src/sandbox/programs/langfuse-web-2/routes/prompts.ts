import { HttpError, type Answer } from '../../langfuse-web/answer.ts';
import type { KeyScope } from '../../langfuse-web/auth.ts';
import { metaOf, pageSql } from '../../langfuse-web/page.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { verifiedKey } from '../keys.ts';
import { absent, listed, pageOf2, type Listing } from '../listing.ts';
import { projectScope2 } from '../scope.ts';
import type { Web2 } from '../web.ts';

const promptColumns =
  'id, created_at AS "createdAt", updated_at AS "updatedAt", project_id AS "projectId", created_by AS "createdBy", ' +
  'prompt, name, version, type, is_active AS "isActive", config, tags, labels';

/** Prompts refuse in other words than the rest (authorizePromptRequest.ts at v2.95.12). @throws HttpError 401, 403 */
async function promptScope(web: Web2, call: Call): Promise<KeyScope> {
  const check = await verifiedKey(web, call.request.headers.authorization);
  if (!check.validKey) throw new HttpError(401, { message: check.error, error: 'UnauthorizedError' });
  const method = call.request.method ?? 'GET';
  const message = `Access denied - need to use basic auth with secret key to ${method} prompts`;
  if (check.scope.accessLevel === 'scores') throw new HttpError(403, { message, error: 'ForbiddenError' });
  return check.scope;
}

/** One prompt by name, and version or label (production by default). */
async function prompt(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await promptScope(web, call);
  const name = call.parameters['name'] ?? '';
  const version = call.url.searchParams.get('version');
  const label = call.url.searchParams.get('label') ?? 'production';
  const [condition, value] =
    version === null ? ['$3 = ANY(labels)', label] : ['version = $3', Number(version) || 0];
  const [row] = await web.postgres.query(
    `SELECT ${promptColumns} FROM prompts WHERE project_id = $1 AND name = $2 AND ${condition}`,
    [projectId, name, value],
  );
  if (row !== undefined) return { status: 200, json: row };
  const which = version === null ? `label '${label}'` : `version ${version}`;
  throw absent(`Prompt not found: '${name}' with ${which}`);
}

/** Names with their versions; `pagination` is `meta` once more, for older clients. */
async function promptList(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await promptScope(web, call);
  const page = pageOf2(call.url.searchParams);
  const data = await web.postgres.query(
    `SELECT p.name, max(p.tags) AS tags, max(p.updated_at) AS "lastUpdatedAt",
       array_agg(DISTINCT p.version) AS versions,
       ARRAY(SELECT DISTINCT unnest(q.labels) FROM prompts q WHERE q.project_id = $1 AND q.name = p.name) AS labels,
       (SELECT q.config FROM prompts q WHERE q.project_id = $1 AND q.name = p.name ORDER BY version DESC LIMIT 1) AS "lastConfig"
     FROM prompts p WHERE p.project_id = $1 GROUP BY p.name ORDER BY p.name ${pageSql(page)}`,
    [projectId],
  );
  const [count] = await web.postgres.query<{ n: string }>(
    'SELECT count(DISTINCT name) AS n FROM prompts WHERE project_id = $1',
    [projectId],
  );
  const meta = metaOf(page, Number(count?.n ?? 0));
  return { status: 200, json: { data, meta, pagination: meta } };
}

const datasetColumns =
  'id, name, description, metadata, project_id AS "projectId", created_at AS "createdAt", updated_at AS "updatedAt"';

const datasets: Listing = {
  select: datasetColumns,
  from: 'datasets',
  project: 'project_id',
  narrowings: {},
  order: 'created_at DESC',
};

async function datasetList(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Datasets');
  return { status: 200, json: await listed(web, datasets, projectId, call.url.searchParams) };
}

async function dataset(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'get-dataset');
  const [row] = await web.postgres.query(
    `SELECT ${datasetColumns} FROM datasets WHERE project_id = $1 AND name = $2`,
    [projectId, call.parameters['name'] ?? ''],
  );
  if (row === undefined) throw absent('Dataset not found');
  return { status: 200, json: row };
}

export const promptRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/v2/prompts', methods: { GET: promptList } },
  { path: '/api/public/v2/prompts/:name', methods: { GET: prompt } },
  { path: '/api/public/v2/datasets', methods: { GET: datasetList } },
  { path: '/api/public/v2/datasets/:name', methods: { GET: dataset } },
];
