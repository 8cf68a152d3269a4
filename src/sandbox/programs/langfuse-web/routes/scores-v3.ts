import { selectWithRetries } from '../../langfuse/clickhouse.ts';
import { HttpError, type Answer } from '../answer.ts';
import { cursorOf, encodeCursor } from '../cursor.ts';
import { filterOf, type Narrowing } from '../filter.ts';
import { wholeOf } from '../page.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import { isoTime, parsedMetadata, type StoredRow } from '../shapes.ts';
import type { Web } from '../web.ts';

const narrowings: Readonly<Record<string, Narrowing>> = {
  id: { kind: 'list', column: 'id' },
  name: { kind: 'list', column: 'name' },
  source: { kind: 'list', column: 'source' },
  dataType: { kind: 'list', column: 'data_type' },
  environment: { kind: 'list', column: 'environment' },
  configId: { kind: 'list', column: 'config_id' },
  queueId: { kind: 'list', column: 'queue_id' },
  authorUserId: { kind: 'list', column: 'author_user_id' },
  traceId: { kind: 'list', column: 'trace_id' },
  sessionId: { kind: 'list', column: 'session_id' },
  observationId: { kind: 'list', column: 'observation_id' },
  experimentId: { kind: 'list', column: 'dataset_run_id' },
  fromTimestamp: { kind: 'from', column: 'timestamp' },
  toTimestamp: { kind: 'to', column: 'timestamp' },
};

const cursorFields = ['lastTimestamp', 'lastId'] as const;

/** GET: scores of every kind, newest first; the one listing of scores that every mode has. */
async function list(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const query = call.url.searchParams;
  refuseStrange(query);
  const limit = wholeOf(query, 'limit', 50, [1, 100]);
  const after = cursorOf(query, cursorFields);
  const { sql, parameters } = filterOf(projectId, query, narrowings);
  const beyond =
    '(timestamp, id) < (parseDateTime64BestEffort({lastTimestamp: String}, 3), {lastId: String})';
  const rows = await selectWithRetries<StoredRow>(
    web.clickhouse,
    web.log,
    `SELECT * FROM scores FINAL WHERE ${sql} ${after === undefined ? '' : `AND ${beyond}`}
     ORDER BY timestamp DESC, id DESC LIMIT ${limit + 1}`,
    { ...parameters, ...after },
  );
  const page = rows.slice(0, limit);
  const fields = new Set((query.get('fields') ?? '').split(','));
  const data = page.map((row) => scoreOf(row, fields));
  const cursor = rows.length > limit ? cursorAt(page.at(-1)) : {};
  return { status: 200, json: { data, meta: { limit, ...cursor } } };
}

/** A strict query: a parameter that this listing does not know is an error. */
function refuseStrange(query: URLSearchParams): void {
  const known = new Set([...Object.keys(narrowings), 'limit', 'cursor', 'fields']);
  const strange = [...new Set(query.keys())].filter((name) => !known.has(name));
  if (strange.length === 0) return;
  const names = strange.map((name) => `"${name}"`).join(', ');
  const message = `Unrecognized key${strange.length === 1 ? '' : 's'}: ${names}`;
  throw new HttpError(400, {
    message: 'Invalid request data',
    error: [{ code: 'unrecognized_keys', keys: strange, path: [], message }],
  });
}

/** In groups of fields; `core` is always there (packages/shared/src/server/repositories/scores.ts). */
function scoreOf(row: StoredRow, fields: ReadonlySet<string>): Record<string, unknown> {
  return {
    id: row['id'],
    projectId: row['project_id'],
    name: row['name'],
    dataType: row['data_type'],
    value: valueOf(row),
    source: row['source'],
    timestamp: isoTime(row['timestamp']),
    environment: row['environment'],
    createdAt: isoTime(row['created_at']),
    updatedAt: isoTime(row['updated_at']),
    ...(fields.has('details')
      ? { comment: row['comment'], configId: row['config_id'], metadata: parsedMetadata(row['metadata']) }
      : {}),
    ...(fields.has('annotation') ? { authorUserId: row['author_user_id'], queueId: row['queue_id'] } : {}),
    ...(fields.has('subject') ? { subject: subjectOf(row) } : {}),
  };
}

function valueOf(row: StoredRow): unknown {
  switch (row['data_type']) {
    case 'NUMERIC':
      return row['value'];
    case 'BOOLEAN':
      return row['value'] === 1;
    case 'CORRECTION':
      return row['long_string_value'];
    default:
      return row['string_value'];
  }
}

function subjectOf(row: StoredRow): object {
  const text = (column: string): string => (typeof row[column] === 'string' ? row[column] : '');
  const [run, observation, session, trace] = [
    text('dataset_run_id'),
    text('observation_id'),
    text('session_id'),
    text('trace_id'),
  ];
  if (run !== '') return { kind: 'experiment', id: run };
  if (observation !== '')
    return { kind: 'observation', id: observation, ...(trace === '' ? {} : { traceId: trace }) };
  return session === '' ? { kind: 'trace', id: trace } : { kind: 'session', id: session };
}

function cursorAt(last: StoredRow | undefined): object {
  const lastTimestamp = isoTime(last?.['timestamp']);
  if (lastTimestamp === null) return {};
  return { cursor: encodeCursor({ v: 1, lastTimestamp, lastId: String(last?.['id']) }) };
}

export const scoreListRoutes: readonly Route[] = [{ path: '/api/public/v3/scores', methods: { GET: list } }];
