import { HttpError, type Answer } from '../answer.ts';
import { metaOf, pageOf, pageSql } from '../page.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

const promptColumns =
  'id, created_at AS "createdAt", updated_at AS "updatedAt", project_id AS "projectId", created_by AS "createdBy", ' +
  'prompt, name, version, type, is_active AS "isActive", config, tags, labels, commit_message AS "commitMessage"';

/** One prompt by name, and version or label (production by default). */
async function prompt(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const name = call.parameters['name'] ?? '';
  const version = call.url.searchParams.get('version');
  const label = call.url.searchParams.get('label') ?? 'production';
  const [row] =
    version === null
      ? await web.postgres.query(
          `SELECT ${promptColumns} FROM prompts WHERE project_id = $1 AND name = $2 AND $3 = ANY(labels)`,
          [projectId, name, label],
        )
      : await web.postgres.query(
          `SELECT ${promptColumns} FROM prompts WHERE project_id = $1 AND name = $2 AND version = $3`,
          [projectId, name, Number(version) || 0],
        );
  if (row === undefined) {
    const which = version === null ? `label '${label}'` : `version ${version}`;
    throw new HttpError(404, {
      message: `Prompt not found: '${name}' with ${which}`,
      error: 'LangfuseNotFoundError',
    });
  }
  return { status: 200, json: { ...row, resolutionGraph: null } };
}

async function promptList(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const page = pageOf(call.url.searchParams);
  const rows = await web.postgres.query<{ name: string; versions: number[] } & Record<string, unknown>>(
    `SELECT name, max(type) AS type, array_agg(version ORDER BY version) AS versions, max(updated_at) AS "lastUpdatedAt"
     FROM prompts WHERE project_id = $1 GROUP BY name ORDER BY name ${pageSql(page)}`,
    [projectId],
  );
  const data = rows.map((row) => ({ ...row, labels: [], tags: [], lastConfig: {} }));
  return { status: 200, json: { data, meta: metaOf(page, data.length) } };
}

const datasetColumns =
  'id, name, description, metadata, project_id AS "projectId", created_at AS "createdAt", updated_at AS "updatedAt"';

async function datasetList(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const page = pageOf(call.url.searchParams);
  const data = await web.postgres.query(
    `SELECT ${datasetColumns} FROM datasets WHERE project_id = $1 ORDER BY created_at DESC ${pageSql(page)}`,
    [projectId],
  );
  const [count] = await web.postgres.query<{ n: string }>(
    'SELECT count(*) AS n FROM datasets WHERE project_id = $1',
    [projectId],
  );
  return { status: 200, json: { data, meta: metaOf(page, Number(count?.n ?? 0)) } };
}

async function dataset(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const [row] = await web.postgres.query(
    `SELECT ${datasetColumns} FROM datasets WHERE project_id = $1 AND name = $2`,
    [projectId, call.parameters['name'] ?? ''],
  );
  if (row === undefined)
    throw new HttpError(404, { message: 'Dataset not found', error: 'LangfuseNotFoundError' });
  return { status: 200, json: row };
}

export const promptRoutes: readonly Route[] = [
  { path: '/api/public/v2/prompts', methods: { GET: promptList } },
  { path: '/api/public/v2/prompts/:name', methods: { GET: prompt } },
  { path: '/api/public/v2/datasets', methods: { GET: datasetList } },
  { path: '/api/public/v2/datasets/:name', methods: { GET: dataset } },
];
