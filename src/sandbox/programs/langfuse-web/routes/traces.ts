import { checkEvent, isRecord } from '../../langfuse/event-check.ts';
import { uuid } from '../../langfuse/ids.ts';
import { acceptEvents } from '../../langfuse/ingestion.ts';
import type { Answer } from '../answer.ts';
import { HttpError } from '../answer.ts';
import { originOf } from '../attribution.ts';
import { authOf } from '../auth.ts';
import { filterOf, orderOf, type Narrowing } from '../filter.ts';
import { metaOf, pageOf, pageSql } from '../page.ts';
import { pricesOf } from '../prices.ts';
import { jsonBody, projectScope, type Call, type Route } from '../route.ts';
import {
  observationShape,
  scoreShape,
  totalCost,
  traceLatency,
  traceShape,
  type StoredRow,
} from '../shapes.ts';
import { countRows, rowsOfTraces, storedRow, storedRows } from '../trace-store.ts';
import { deleteTraces } from '../trace-deletion.ts';
import type { Web } from '../web.ts';

const narrowings: Readonly<Record<string, Narrowing>> = {
  userId: { kind: 'equals', column: 'user_id' },
  name: { kind: 'equals', column: 'name' },
  sessionId: { kind: 'equals', column: 'session_id' },
  version: { kind: 'equals', column: 'version' },
  release: { kind: 'equals', column: 'release' },
  tags: { kind: 'has', column: 'tags' },
  environment: { kind: 'in', column: 'environment' },
  fromTimestamp: { kind: 'from', column: 'timestamp' },
  toTimestamp: { kind: 'to', column: 'timestamp' },
};

const sortable = {
  timestamp: 'timestamp',
  name: 'name',
  userId: 'user_id',
  id: 'id',
  sessionId: 'session_id',
};

async function list(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const query = call.url.searchParams;
  const page = pageOf(query);
  const { sql, parameters } = filterOf(projectId, query, narrowings);
  const order = orderOf(query, sortable, 'timestamp DESC');
  const [rows, total] = await Promise.all([
    storedRows(web, 'traces', sql, parameters, `ORDER BY ${order} ${pageSql(page)}`),
    countRows(web, 'traces', sql, parameters),
  ]);
  const ids = rows.map((row) => String(row['id']));
  const observations = await rowsOfTraces(web, 'observations', projectId, ids);
  const scores = await rowsOfTraces(web, 'scores', projectId, ids);
  const data = rows.map((row) => listed(row, observations, scores));
  return { status: 200, json: { data, meta: metaOf(page, total) } };
}

function listed(row: StoredRow, observations: readonly StoredRow[], scores: readonly StoredRow[]): object {
  const own = observations.filter((item) => item['trace_id'] === row['id']);
  return {
    ...traceShape(row),
    observations: own.map((item) => item['id']),
    scores: scores.filter((item) => item['trace_id'] === row['id']).map((item) => item['id']),
    totalCost: totalCost(own),
    latency: traceLatency(own),
    htmlPath: htmlPath(row),
    externalId: null,
  };
}

const htmlPath = (row: StoredRow): string =>
  `/project/${String(row['project_id'])}/traces/${String(row['id'])}`;

async function detail(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const traceId = call.parameters['traceId'] ?? '';
  const row = await storedRow(web, 'traces', projectId, traceId);
  if (row === undefined)
    throw new HttpError(404, {
      message: `Trace ${traceId} not found within authorized project`,
      error: 'LangfuseNotFoundError',
    });
  const observations = await rowsOfTraces(web, 'observations', projectId, [traceId]);
  const scores = await rowsOfTraces(web, 'scores', projectId, [traceId]);
  const prices = await pricesOf(web, observations);
  return {
    status: 200,
    json: {
      ...traceShape(row),
      externalId: null,
      scores: scores.map((item) => scoreShape(item)),
      latency: traceLatency(observations),
      observations: observations.map((item) => observationShape(item, prices(item))),
      htmlPath: htmlPath(row),
      totalCost: totalCost(observations),
    },
  };
}

/** POST goes the way of an event. */
async function create(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call);
  const body = await jsonBody(call);
  const checked = checkEvent({
    id: uuid(),
    type: 'trace-create',
    timestamp: new Date().toISOString(),
    body,
  });
  if (!checked.ok) throw new HttpError(400, { message: checked.error });
  const origin = originOf(web, call, scope, 'POST /api/public/traces');
  await acceptEvents(web, [checked.event], authOf(scope), 'api', origin);
  return { status: 200, json: { id: checked.event.body.id } };
}

async function removeSome(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call);
  const body = await jsonBody(call);
  return await deleteTraces(web, scope, traceIdsOf(body), 'DELETE /api/public/traces');
}

/** A strict body: ids, 1 to 1000, and nothing else. */
function traceIdsOf(body: unknown): string[] {
  const refused = (message: string): HttpError =>
    new HttpError(400, {
      message: 'Invalid request data',
      error: [{ code: 'custom', path: ['traceIds'], message }],
    });
  if (!isRecord(body)) throw refused('Invalid input: expected object');
  const strange = Object.keys(body).filter((key) => key !== 'traceIds');
  if (strange.length > 0) throw refused(`Unrecognized key: "${strange[0]}"`);
  const ids: unknown = body['traceIds'];
  if (!Array.isArray(ids)) throw refused('Invalid input: expected array');
  const texts = ids.filter((id): id is string => typeof id === 'string');
  if (texts.length !== ids.length || ids.length < 1 || ids.length > 1000)
    throw refused('Invalid input: expected 1 to 1000 strings');
  return texts;
}

async function removeOne(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call);
  const traceIds = [call.parameters['traceId'] ?? ''];
  return await deleteTraces(web, scope, traceIds, 'DELETE /api/public/traces/[traceId]');
}

export const traceRoutes: readonly Route[] = [
  {
    path: '/api/public/traces',
    methods: { GET: list, POST: create, DELETE: removeSome },
    legacy: ['GET', 'POST'],
  },
  { path: '/api/public/traces/:traceId', methods: { GET: detail, DELETE: removeOne }, legacy: ['GET'] },
];
