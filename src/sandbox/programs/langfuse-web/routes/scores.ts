import { checkEvent, isRecord } from '../../langfuse/event-check.ts';
import { uuid } from '../../langfuse/ids.ts';
import { acceptEvents, baggage } from '../../langfuse/ingestion.ts';
import { optionsFor } from '../../langfuse/queues.ts';
import { HttpError, type Answer } from '../answer.ts';
import { originOf } from '../attribution.ts';
import { auditDeletion } from '../audit.ts';
import { authOf } from '../auth.ts';
import { filterOf, type Narrowing } from '../filter.ts';
import { metaOf, pageOf, pageSql } from '../page.ts';
import { jsonBody, projectScope, type Call, type Route } from '../route.ts';
import { scoreShape, type StoredRow } from '../shapes.ts';
import { countRows, storedRow, storedRows } from '../trace-store.ts';
import type { Web } from '../web.ts';

const narrowings: Readonly<Record<string, Narrowing>> = {
  name: { kind: 'equals', column: 'name' },
  traceId: { kind: 'equals', column: 'trace_id' },
  sessionId: { kind: 'equals', column: 'session_id' },
  source: { kind: 'equals', column: 'source' },
  dataType: { kind: 'equals', column: 'data_type' },
  environment: { kind: 'in', column: 'environment' },
  fromTimestamp: { kind: 'from', column: 'timestamp' },
  toTimestamp: { kind: 'to', column: 'timestamp' },
};

async function list(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const page = pageOf(call.url.searchParams);
  const { sql, parameters } = filterOf(projectId, call.url.searchParams, narrowings);
  const [rows, total] = await Promise.all([
    storedRows(web, 'scores', sql, parameters, `ORDER BY timestamp DESC ${pageSql(page)}`),
    countRows(web, 'scores', sql, parameters),
  ]);
  const traces = await tracesOf(web, projectId, rows);
  const data = rows.map((row) => ({
    ...scoreShape(row),
    trace: traces.get(String(row['trace_id'])) ?? null,
  }));
  return { status: 200, json: { data, meta: metaOf(page, total) } };
}

async function tracesOf(
  web: Web,
  projectId: string,
  scores: readonly StoredRow[],
): Promise<Map<string, object>> {
  const ids = [
    ...new Set(scores.flatMap((row) => (typeof row['trace_id'] === 'string' ? [row['trace_id']] : []))),
  ];
  if (ids.length === 0) return new Map();
  const where = 'project_id = {projectId: String} AND id IN {ids: Array(String)} AND is_deleted = 0';
  const rows = await storedRows(web, 'traces', where, { projectId, ids });
  return new Map(
    rows.map((row) => [
      String(row['id']),
      { userId: row['user_id'], tags: row['tags'], environment: row['environment'] },
    ]),
  );
}

async function detail(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const row = await storedRow(web, 'scores', projectId, call.parameters['scoreId'] ?? '');
  if (row === undefined)
    throw new HttpError(404, {
      message: 'Score not found within authorized project',
      error: 'LangfuseNotFoundError',
    });
  return { status: 200, json: scoreShape(row) };
}

/** POST /api/public/scores goes the way of an event; a public key alone may do this. */
async function create(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call, ['project', 'scores']);
  const body = await jsonBody(call);
  const given = isRecord(body) ? body['id'] : undefined;
  const id = typeof given === 'string' && given !== '' ? given : uuid();
  const checked = checkEvent({
    id: uuid(),
    type: 'score-create',
    timestamp: new Date().toISOString(),
    body: isRecord(body) ? { ...body, id } : body,
  });
  if (!checked.ok)
    throw new HttpError(400, {
      message: 'Invalid request data',
      error: JSON.parse(checked.error) as unknown,
    });
  const origin = originOf(web, call, scope, 'POST /api/public/scores');
  await acceptEvents(web, [checked.event], authOf(scope), 'api', origin);
  return { status: 200, json: { id } };
}

/** Deleted by the worker; unknown ids are taken too. */
async function remove(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call);
  const scoreIds = [call.parameters['scoreId'] ?? ''];
  await auditDeletion(web, scope, 'score', scoreIds);
  const queue = await web.queues.get('score-delete');
  const payload = { projectId: scope.projectId, scoreIds };
  await queue.add(
    'score-delete',
    { timestamp: new Date().toISOString(), id: uuid(), payload, name: 'score-delete' },
    optionsFor('score-delete', 0, baggage(authOf(scope), 'DELETE /api/public/scores/[scoreId]')),
  );
  return { status: 202, json: { message: 'Score deletion queued successfully' } };
}

export const scoreRoutes: readonly Route[] = [
  { path: '/api/public/scores', methods: { GET: list, POST: create }, legacy: ['GET'] },
  { path: '/api/public/scores/:scoreId', methods: { GET: detail, DELETE: remove }, legacy: ['GET'] },
  { path: '/api/public/v2/scores', methods: { GET: list }, legacy: ['GET'] },
  { path: '/api/public/v2/scores/:scoreId', methods: { GET: detail }, legacy: ['GET'] },
];
