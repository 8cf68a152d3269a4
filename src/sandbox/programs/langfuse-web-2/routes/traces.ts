import type { Answer } from '../../langfuse-web/answer.ts';
import { orderOf } from '../../langfuse-web/filter.ts';
import { jsonBody, type Call, type Route } from '../../langfuse-web/route.ts';
import type { SqlRow } from '../../langfuse/postgres.ts';
import { absent, listed, type Narrowing2 } from '../listing.ts';
import { projectScope2 } from '../scope.ts';
import {
  observationColumns,
  observationShape2,
  scoreColumns,
  traceColumns,
  type ObservationRow,
} from '../shapes.ts';
import { createOne } from '../create-one.ts';
import type { Web2 } from '../web.ts';

const narrowings: Readonly<Record<string, Narrowing2>> = {
  userId: { kind: 'equals', column: 't.user_id' },
  name: { kind: 'equals', column: 't.name' },
  sessionId: { kind: 'equals', column: 't.session_id' },
  version: { kind: 'equals', column: 't.version' },
  release: { kind: 'equals', column: 't.release' },
  tags: { kind: 'has', column: 't.tags' },
  fromTimestamp: { kind: 'from', column: 't.timestamp' },
  toTimestamp: { kind: 'to', column: 't.timestamp' },
};

const sortable = {
  timestamp: 't.timestamp',
  name: 't.name',
  userId: 't.user_id',
  id: 't.id',
  sessionId: 't.session_id',
};

/** What a listed trace has besides its own columns. */
const extras = `
  concat('/project/', t.project_id, '/traces/', t.id) AS "htmlPath",
  (SELECT coalesce(sum(o.calculated_total_cost), 0)::float8 FROM observations_view o
   WHERE o.trace_id = t.id AND o.project_id = t.project_id) AS "totalCost",
  coalesce(t.duration, 0)::float8 AS latency,
  ARRAY(SELECT o.id FROM observations o WHERE o.trace_id = t.id AND o.project_id = t.project_id ORDER BY 1) AS observations,
  ARRAY(SELECT s.id FROM scores s WHERE s.trace_id = t.id AND s.project_id = t.project_id ORDER BY 1) AS scores`;

async function list(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Traces');
  const query = call.url.searchParams;
  const listing = {
    select: `${traceColumns}, ${extras}`,
    from: 'traces_view t',
    project: 't.project_id',
    narrowings,
    order: orderOf(query, sortable, 't.timestamp DESC'),
  };
  return { status: 200, json: await listed(web, listing, projectId, query) };
}

interface TraceRow extends SqlRow {
  readonly duration: number | null;
}

async function detail(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Single Trace');
  const traceId = call.parameters['traceId'] ?? '';
  const wanted = [traceId, projectId];
  const [row] = await web.postgres.query<TraceRow>(
    `SELECT ${traceColumns}, t.duration FROM traces_view t WHERE t.id = $1 AND t.project_id = $2`,
    wanted,
  );
  if (row === undefined) throw absent('Trace not found within authorized project');
  const where = 'trace_id = $1 AND project_id = $2';
  const [scores, rows] = await Promise.all([
    web.postgres.query(`SELECT ${scoreColumns} FROM scores s WHERE ${where} ORDER BY timestamp DESC`, wanted),
    web.postgres.query<ObservationRow>(
      `SELECT ${observationColumns} FROM observations_view o WHERE ${where} ORDER BY start_time ASC`,
      wanted,
    ),
  ]);
  const { duration, ...trace } = row;
  const totalCost = rows.reduce((sum, { calculatedTotalCost }) => sum + (calculatedTotalCost ?? 0), 0);
  const json = {
    ...trace,
    scores,
    htmlPath: `/project/${projectId}/traces/${traceId}`,
    totalCost,
    latency: duration ?? 0,
    observations: rows.map(observationShape2),
  };
  return { status: 200, json };
}

/** The way of SDKs before batches. */
async function create(web: Web2, call: Call): Promise<Answer> {
  const scope = await projectScope2(web, call, 'Create Trace (Legacy)');
  return await createOne(web, scope, 'trace-create', await jsonBody(call));
}

/** No trace can be deleted through the public API of 2.95: any other method is 405. */
export const traceRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/traces', methods: { GET: list, POST: create } },
  { path: '/api/public/traces/:traceId', methods: { GET: detail } },
];
