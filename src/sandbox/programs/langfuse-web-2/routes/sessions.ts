import type { Answer } from '../../langfuse-web/answer.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { absent, listed, type Listing } from '../listing.ts';
import { projectScope2 } from '../scope.ts';
import { traceColumns } from '../shapes.ts';
import type { Web2 } from '../web.ts';

const columns = 'id, created_at AS "createdAt", project_id AS "projectId"';

const listing: Listing = {
  select: columns,
  from: 'trace_sessions',
  project: 'project_id',
  narrowings: {
    fromTimestamp: { kind: 'from', column: 'created_at' },
    toTimestamp: { kind: 'to', column: 'created_at' },
  },
  order: 'created_at DESC',
};

async function list(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Sessions');
  return { status: 200, json: await listed(web, listing, projectId, call.url.searchParams) };
}

async function detail(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Session');
  const wanted = [call.parameters['sessionId'] ?? '', projectId];
  const [session] = await web.postgres.query(
    `SELECT ${columns} FROM trace_sessions WHERE id = $1 AND project_id = $2`,
    wanted,
  );
  if (session === undefined) throw absent('Session not found within authorized project');
  const traces = await web.postgres.query(
    `SELECT ${traceColumns} FROM traces t WHERE t.session_id = $1 AND t.project_id = $2`,
    wanted,
  );
  return { status: 200, json: { ...session, traces } };
}

export const sessionRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/sessions', methods: { GET: list } },
  { path: '/api/public/sessions/:sessionId', methods: { GET: detail } },
];
