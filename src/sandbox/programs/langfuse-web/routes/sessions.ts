import { HttpError, type Answer } from '../answer.ts';
import { metaOf, pageOf, pageSql } from '../page.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import { traceShape } from '../shapes.ts';
import { storedRows } from '../trace-store.ts';
import type { Web } from '../web.ts';

interface SessionRow extends Record<string, unknown> {
  readonly id: string;
  readonly createdAt: Date;
  readonly projectId: string;
  readonly environment: string;
}

const columns = 'id, created_at AS "createdAt", project_id AS "projectId", environment';

async function list(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const page = pageOf(call.url.searchParams);
  const data = await web.postgres.query<SessionRow>(
    `SELECT ${columns} FROM trace_sessions WHERE project_id = $1 ORDER BY created_at DESC ${pageSql(page)}`,
    [projectId],
  );
  const [count] = await web.postgres.query<{ n: string }>(
    'SELECT count(*) AS n FROM trace_sessions WHERE project_id = $1',
    [projectId],
  );
  return { status: 200, json: { data, meta: metaOf(page, Number(count?.n ?? 0)) } };
}

async function detail(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const sessionId = call.parameters['sessionId'] ?? '';
  const [session] = await web.postgres.query<SessionRow>(
    `SELECT ${columns} FROM trace_sessions WHERE project_id = $1 AND id = $2`,
    [projectId, sessionId],
  );
  if (session === undefined)
    throw new HttpError(404, {
      message: 'Session not found within authorized project',
      error: 'LangfuseNotFoundError',
    });
  const where = 'project_id = {projectId: String} AND session_id = {sessionId: String} AND is_deleted = 0';
  const rows = await storedRows(web, 'traces', where, { projectId, sessionId }, 'ORDER BY timestamp DESC');
  const traces = rows.map((row) => ({ ...traceShape(row), externalId: null }));
  return { status: 200, json: { ...session, traces } };
}

export const sessionRoutes: readonly Route[] = [
  { path: '/api/public/sessions', methods: { GET: list }, legacy: ['GET'] },
  { path: '/api/public/sessions/:sessionId', methods: { GET: detail }, legacy: ['GET'] },
];
