import { selectWithRetries, type ClickHouseParameters } from '../../langfuse/clickhouse.ts';
import { HttpError, type Answer } from '../answer.ts';
import { cursorOf, encodeCursor } from '../cursor.ts';
import { fieldGroups, filterColumns, metadataSql, selectSql, type EventFieldGroup } from '../event-fields.ts';
import { eventShape, type ModelPrices } from '../event-shape.ts';
import { filterOf, type Filter, type Narrowing } from '../filter.ts';
import { jsonConditions, jsonFilter } from '../json-filter.ts';
import { wholeOf } from '../page.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import { isoTime, type StoredRow } from '../shapes.ts';
import type { Web } from '../web.ts';

const narrowings: Readonly<Record<string, Narrowing>> = {
  traceId: { kind: 'equals', column: 'trace_id' },
  userId: { kind: 'equals', column: 'user_id' },
  sessionId: { kind: 'equals', column: 'session_id' },
  name: { kind: 'equals', column: 'name' },
  type: { kind: 'equals', column: 'type' },
  level: { kind: 'equals', column: 'level' },
  version: { kind: 'equals', column: 'version' },
  parentObservationId: { kind: 'equals', column: 'parent_span_id' },
  isRootObservation: { kind: 'boolean', column: `parent_span_id = '' OR is_app_root` },
  environment: { kind: 'in', column: 'environment' },
  fromStartTime: { kind: 'from', column: 'start_time' },
  toStartTime: { kind: 'to', column: 'start_time' },
};

const cursorFields = ['lastStartTimeTo', 'lastTraceId', 'lastId'] as const;

/** GET: spans of the events tables, newest first, in groups of fields; pages go on from a cursor. */
async function list(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  if (!web.flags.allowPreviewOptIn) throw notThere;
  const query = call.url.searchParams;
  refuseInvalid(query);
  const limit = wholeOf(query, 'limit', 50, [0, 1000]);
  const wanted = fieldGroups(query);
  const rows = await eventRows(web, filterOf(projectId, query, narrowings, []), query, wanted, limit + 1);
  const page = rows.slice(0, limit);
  const texts = await fullTexts(web, projectId, page, wanted, query.has('expandMetadata'));
  const prices = wanted.has('model') ? await modelPrices(web, projectId, page) : new Map();
  const data = page.map((row) =>
    eventShape({ ...row, ...texts.get(keyOf(row)) }, prices.get(String(row['internal_model_id']))),
  );
  return { status: 200, json: { data, meta: rows.length > limit ? metaOf(page.at(-1)) : {} } };
}

const notThere = new HttpError(404, {
  message:
    'The observations v2 API is only available in a Langfuse v4 write mode. Learn more at: https://langfuse.com/docs/v4',
  error: 'LangfuseNotFoundError',
});

const allowed: Readonly<Record<string, readonly string[]>> = {
  type: 'GENERATION SPAN EVENT AGENT TOOL CHAIN RETRIEVER EVALUATOR EMBEDDING GUARDRAIL'.split(' '),
  level: ['DEBUG', 'DEFAULT', 'WARNING', 'ERROR'],
  isRootObservation: ['true', 'false'],
};
const noParsing =
  'parseIoAsJson=true is no longer supported on the v2 observations endpoint. Input/output fields are always returned as raw strings. Remove the parseIoAsJson parameter or set it to false.';

/** @throws HttpError 400 with zod's issues */
function refuseInvalid(query: URLSearchParams): void {
  const options = Object.entries(allowed).flatMap(([name, values]) => {
    const given = query.get(name);
    if (given === null || given === '' || values.includes(given)) return [];
    const message = `Invalid option: expected one of ${values.map((value) => `"${value}"`).join('|')}`;
    return [{ code: 'invalid_value', values, path: [name], message }];
  });
  const times = ['fromStartTime', 'toStartTime']
    .filter((name) => (query.get(name) ?? '') !== '' && Number.isNaN(Date.parse(query.get(name) ?? '')))
    .map((name) => ({ code: 'invalid_format', path: [name], message: 'Invalid ISO datetime' }));
  const parsing =
    query.get('parseIoAsJson') === 'true'
      ? [{ code: 'custom', path: ['parseIoAsJson'], message: noParsing }]
      : [];
  const error = [...options, ...times, ...parsing];
  if (error.length > 0) throw new HttpError(400, { message: 'Invalid request data', error });
}

async function eventRows(
  web: Web,
  filter: Filter,
  query: URLSearchParams,
  wanted: ReadonlySet<EventFieldGroup>,
  limit: number,
): Promise<StoredRow[]> {
  const after = cursorOf(query, cursorFields);
  const more = jsonFilter(jsonConditions(query.get('filter')), filterColumns);
  const beyond =
    '(start_time, xxHash32(trace_id), span_id) < (parseDateTime64BestEffort({lastStartTimeTo: String}, 6), xxHash32({lastTraceId: String}), {lastId: String})';
  const sql = `SELECT ${selectSql(wanted)} FROM events_core
    WHERE ${filter.sql} AND ${more.sql} ${after === undefined ? '' : `AND ${beyond}`}
    ORDER BY start_time DESC, xxHash32(trace_id) DESC, span_id DESC LIMIT ${limit}`;
  return (await selectRows(web, sql, { ...filter.parameters, ...more.parameters, ...after })).map(unprefixed);
}

async function selectRows(web: Web, sql: string, parameters: ClickHouseParameters): Promise<StoredRow[]> {
  return await selectWithRetries<StoredRow>(web.clickhouse, web.log, sql, parameters);
}

/** The prefix kept ClickHouse from taking the alias for the column in WHERE. */
function unprefixed(row: StoredRow): StoredRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replace(/^r_/, ''), value]));
}

const keyOf = (row: StoredRow): string => `${String(row['trace_id'])}/${String(row['id'])}`;

/** events_core cuts texts at 200 characters: input, output and metadata in full are read where they are whole. */
async function fullTexts(
  web: Web,
  projectId: string,
  page: readonly StoredRow[],
  wanted: ReadonlySet<EventFieldGroup>,
  expanded: boolean,
): Promise<Map<string, StoredRow>> {
  const isFull = wanted.has('io') || (wanted.has('metadata') && expanded);
  if (!isFull || page.length === 0) return new Map();
  const columns = [
    'span_id AS id',
    'trace_id',
    ...(wanted.has('io') ? ['input', 'output'] : []),
    ...(wanted.has('metadata') ? [`${metadataSql} AS metadata`] : []),
  ];
  const sql = `SELECT ${columns.join(', ')} FROM events_full WHERE project_id = {projectId: String}
    AND trace_id IN {traceIds: Array(String)} AND span_id IN {ids: Array(String)}`;
  const named = (column: string): string[] => [...new Set(page.map((row) => String(row[column])))];
  const rows = await selectRows(web, sql, { projectId, traceIds: named('trace_id'), ids: named('id') });
  return new Map(rows.map((row) => [keyOf(row), row]));
}

interface PriceRow extends Record<string, unknown> {
  readonly model: string;
  readonly kind: string;
  readonly price: string;
}

async function modelPrices(
  web: Web,
  projectId: string,
  page: readonly StoredRow[],
): Promise<Map<string, ModelPrices>> {
  const ids = [...new Set(page.map((row) => String(row['internal_model_id'])))].filter((id) => id !== '');
  if (ids.length === 0) return new Map();
  const rows = await web.postgres.query<PriceRow>(
    `SELECT m.id AS model, p.usage_type AS kind, p.price FROM models m LEFT JOIN prices p ON p.model_id = m.id
     WHERE m.id = ANY($1) AND (m.project_id = $2 OR m.project_id IS NULL)`,
    [ids, projectId],
  );
  const known = ids.filter((id) => rows.some(({ model }) => model === id));
  return new Map(known.map((modelId) => [modelId, pricesOfModel(modelId, rows)]));
}

function pricesOfModel(modelId: string, rows: readonly PriceRow[]): ModelPrices {
  const price = (kind: string): string | null => {
    const found = rows.find((row) => row.model === modelId && row.kind === kind);
    return found === undefined ? null : String(Number(found.price));
  };
  return { modelId, inputPrice: price('input'), outputPrice: price('output'), totalPrice: price('total') };
}

function metaOf(last: StoredRow | undefined): object {
  if (last === undefined) return {};
  const [lastTraceId, lastId] = [String(last['trace_id']), String(last['id'])];
  return {
    cursor: encodeCursor({ lastStartTimeTo: isoTime(last['start_time']) ?? '', lastTraceId, lastId }),
  };
}

export const eventObservationRoutes: readonly Route[] = [
  { path: '/api/public/v2/observations', methods: { GET: list } },
];
