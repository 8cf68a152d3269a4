import type { Answer } from '../../langfuse-web/answer.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { absent, listed, type Listing } from '../listing.ts';
import { projectScope2 } from '../scope.ts';
import { observationColumns, observationShape2, type ObservationRow } from '../shapes.ts';
import type { Web2 } from '../web.ts';

const listing: Listing = {
  select: observationColumns,
  from: 'observations_view o LEFT JOIN traces t ON t.id = o.trace_id AND t.project_id = o.project_id',
  project: 'o.project_id',
  narrowings: {
    userId: { kind: 'equals', column: 't.user_id' },
    name: { kind: 'equals', column: 'o.name' },
    type: { kind: 'equals', column: 'o.type' },
    traceId: { kind: 'equals', column: 'o.trace_id' },
    version: { kind: 'equals', column: 'o.version' },
    parentObservationId: { kind: 'equals', column: 'o.parent_observation_id' },
    fromStartTime: { kind: 'from', column: 'o.start_time' },
    toStartTime: { kind: 'to', column: 'o.start_time' },
  },
  order: 'o.start_time DESC',
};

async function list(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Observations');
  const { data, meta } = await listed<ObservationRow>(web, listing, projectId, call.url.searchParams);
  return { status: 200, json: { data: data.map(observationShape2), meta } };
}

async function detail(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Observation');
  const [row] = await web.postgres.query<ObservationRow>(
    `SELECT ${observationColumns} FROM observations_view o WHERE o.id = $1 AND o.project_id = $2`,
    [call.parameters['observationId'] ?? '', projectId],
  );
  if (row === undefined) throw absent('Observation not found within authorized project');
  return { status: 200, json: observationShape2(row) };
}

export const observationRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/observations', methods: { GET: list } },
  { path: '/api/public/observations/:observationId', methods: { GET: detail } },
];
