import type { Answer } from '../../langfuse-web/answer.ts';
import { jsonBody, type Call, type Route } from '../../langfuse-web/route.ts';
import { createOne } from '../create-one.ts';
import { absent, listed, type Listing } from '../listing.ts';
import { projectScope2 } from '../scope.ts';
import { scoreColumns } from '../shapes.ts';
import type { Web2 } from '../web.ts';

const listing: Listing = {
  select: `${scoreColumns}, json_build_object('userId', t.user_id, 'tags', t.tags) AS trace`,
  from: 'scores s LEFT JOIN traces t ON t.id = s.trace_id AND t.project_id = s.project_id',
  project: 's.project_id',
  narrowings: {
    configId: { kind: 'equals', column: 's.config_id' },
    queueId: { kind: 'equals', column: 's.queue_id' },
    traceTags: { kind: 'has', column: 't.tags' },
    dataType: { kind: 'equals', column: 's.data_type' },
    userId: { kind: 'equals', column: 't.user_id' },
    name: { kind: 'equals', column: 's.name' },
    source: { kind: 'equals', column: 's.source' },
    fromTimestamp: { kind: 'from', column: 's.timestamp' },
    toTimestamp: { kind: 'to', column: 's.timestamp' },
    scoreIds: { kind: 'in', column: 's.id' },
  },
  order: 's.timestamp DESC',
};

async function list(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, '/api/public/scores');
  return { status: 200, json: await listed(web, listing, projectId, call.url.searchParams) };
}

async function detail(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Score');
  const [row] = await web.postgres.query(
    `SELECT ${scoreColumns} FROM scores s WHERE s.id = $1 AND s.project_id = $2`,
    [call.parameters['scoreId'] ?? '', projectId],
  );
  if (row === undefined) throw absent('Score not found');
  return { status: 200, json: row };
}

/** Needs the secret key, unlike later releases; a public key alone can send scores in a batch. */
async function create(web: Web2, call: Call): Promise<Answer> {
  const scope = await projectScope2(web, call, 'Create Score');
  return await createOne(web, scope, 'score-create', await jsonBody(call));
}

/** Gone when the answer comes. */
async function remove(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Delete Score');
  const rows = await web.postgres.query('DELETE FROM scores WHERE id = $1 AND project_id = $2 RETURNING id', [
    call.parameters['scoreId'] ?? '',
    projectId,
  ]);
  if (rows.length === 0) throw absent('Score not found within authorized project');
  return { status: 200, json: { message: 'Score deleted successfully' } };
}

export const scoreRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/scores', methods: { GET: list, POST: create } },
  { path: '/api/public/scores/:scoreId', methods: { GET: detail, DELETE: remove } },
];
