import { HttpError, type Answer } from '../answer.ts';
import { filterOf, type Narrowing } from '../filter.ts';
import { metaOf, pageOf, pageSql } from '../page.ts';
import { pricesOf } from '../prices.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import { observationShape } from '../shapes.ts';
import { countRows, storedRow, storedRows } from '../trace-store.ts';
import type { Web } from '../web.ts';

const narrowings: Readonly<Record<string, Narrowing>> = {
  traceId: { kind: 'equals', column: 'trace_id' },
  name: { kind: 'equals', column: 'name' },
  type: { kind: 'equals', column: 'type' },
  level: { kind: 'equals', column: 'level' },
  version: { kind: 'equals', column: 'version' },
  parentObservationId: { kind: 'equals', column: 'parent_observation_id' },
  environment: { kind: 'in', column: 'environment' },
  fromStartTime: { kind: 'from', column: 'start_time' },
  toStartTime: { kind: 'to', column: 'start_time' },
};

async function list(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const page = pageOf(call.url.searchParams);
  const { sql, parameters } = filterOf(projectId, call.url.searchParams, narrowings);
  const [rows, total] = await Promise.all([
    storedRows(web, 'observations', sql, parameters, `ORDER BY start_time DESC ${pageSql(page)}`),
    countRows(web, 'observations', sql, parameters),
  ]);
  const prices = await pricesOf(web, rows);
  const data = rows.map((row) => observationShape(row, prices(row)));
  return { status: 200, json: { data, meta: metaOf(page, total) } };
}

async function detail(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const row = await storedRow(web, 'observations', projectId, call.parameters['observationId'] ?? '');
  if (row === undefined)
    throw new HttpError(404, {
      message: 'Observation not found within authorized project',
      error: 'LangfuseNotFoundError',
    });
  const prices = await pricesOf(web, [row]);
  return { status: 200, json: observationShape(row, prices(row)) };
}

export const observationRoutes: readonly Route[] = [
  { path: '/api/public/observations', methods: { GET: list }, legacy: ['GET'] },
  { path: '/api/public/observations/:observationId', methods: { GET: detail }, legacy: ['GET'] },
];
