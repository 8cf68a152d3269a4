import { isRecord } from '../langfuse/event-check.ts';
import { HttpError } from './answer.ts';
import type { Filter } from './filter.ts';
import { jsonFilter } from './json-filter.ts';
import { metricViews, type MetricView } from './metric-views.ts';

const aggregations: Readonly<Record<string, (sql: string) => string>> = {
  sum: (sql) => `sum(${sql})`,
  avg: (sql) => `avg(${sql})`,
  count: (sql) => `count(${sql})`,
  max: (sql) => `max(${sql})`,
  min: (sql) => `min(${sql})`,
  p50: (sql) => `quantile(0.5)(${sql})`,
  p75: (sql) => `quantile(0.75)(${sql})`,
  p90: (sql) => `quantile(0.9)(${sql})`,
  p95: (sql) => `quantile(0.95)(${sql})`,
  p99: (sql) => `quantile(0.99)(${sql})`,
  uniq: (sql) => `uniq(${sql})`,
};

/** A step of a series of time. */
interface Bucket {
  readonly unit: string;
  readonly start: (sql: string) => string;
}

const buckets: readonly Bucket[] = [
  { unit: 'minute', start: (sql) => `toStartOfMinute(${sql})` },
  { unit: 'hour', start: (sql) => `toStartOfHour(${sql})` },
  { unit: 'day', start: (sql) => `toDate(${sql})` },
  { unit: 'week', start: (sql) => `toMonday(${sql})` },
  { unit: 'month', start: (sql) => `toStartOfMonth(${sql})` },
];

/** A metrics query as far as the sandbox answers it: no relations to other views. */
export interface MetricQuery {
  readonly view: MetricView;
  readonly dimensions: readonly string[];
  /** What each column of the answer holds, by name. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly filter: Filter;
  readonly bucket: Bucket | undefined;
  readonly from: string;
  readonly to: string;
  readonly order: readonly { readonly column: string; readonly direction: 'ASC' | 'DESC' }[];
  readonly limit: number;
}

/** Reads and checks the `query` parameter. @throws HttpError 400 */
export function metricQueryOf(text: string | null): MetricQuery {
  const given = parsed(text);
  const view = metricViews[String(given['view'])];
  if (view === undefined) throw badData('view', 'Invalid option: expected one of the views');
  const metrics = listOf(given['metrics'], 'metrics').map((metric) => metricOf(view, metric));
  const query = {
    view,
    dimensions: listOf(given['dimensions'] ?? [], 'dimensions').map((one) => dimensionOf(view, one)),
    metrics: Object.fromEntries(metrics.length === 0 ? [['count', 'count(*)']] : metrics),
    filter: jsonFilter(listOf(given['filters'] ?? [], 'filters'), view.dimensions),
    from: timeOf(given, 'fromTimestamp'),
    to: timeOf(given, 'toTimestamp'),
  };
  const bucket = bucketOf(given['timeDimension'], query);
  const order = orderOf(given['orderBy'], [...query.dimensions, ...Object.keys(query.metrics)]);
  const limit = isRecord(given['config']) ? given['config']['row_limit'] : undefined;
  checkBounds(query.view, query.dimensions, bucket !== undefined, order, limit);
  return { ...query, bucket, order, limit: typeof limit === 'number' ? Math.min(limit, 1000) : 100 };
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) throw badData('query', 'Invalid input: expected string, received undefined');
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    throw badRequest('Invalid JSON in query parameter');
  }
  throw badData('query', 'Invalid input: expected object');
}

function badRequest(message: string): HttpError {
  return new HttpError(400, { message, error: 'InvalidRequestError' });
}

function badData(field: string, message: string): HttpError {
  const path = field === 'query' ? ['query'] : ['query', field];
  return new HttpError(400, {
    message: 'Invalid request data',
    error: [{ code: 'custom', path, message }],
  });
}

function listOf(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badData(field, 'Invalid input: expected array');
  return value as readonly unknown[];
}

function timeOf(given: Readonly<Record<string, unknown>>, field: string): string {
  const value = given[field];
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value)))
    throw badData(field, 'Invalid ISO datetime');
  return value;
}

function dimensionOf(view: MetricView, value: unknown): string {
  const field = isRecord(value) ? String(value['field']) : '';
  if (field in view.dimensions) return field;
  throw badRequest(`Invalid dimension ${field}. Must be one of ${Object.keys(view.dimensions).join(',')}`);
}

/** Column and SQL of a metric: `sum` of `totalCost` is the column sum_totalCost. */
function metricOf(view: MetricView, value: unknown): readonly [string, string] {
  const { measure, aggregation } = isRecord(value) ? value : {};
  const found = view.measures[String(measure)];
  if (found === undefined)
    throw badRequest(
      `Invalid metric ${String(measure)}. Must be one of ${Object.keys(view.measures).join(',')}`,
    );
  const name = String(aggregation);
  const valid = found.kind === 'text' ? ['count', 'uniq'] : Object.keys(aggregations);
  const sql = valid.includes(name) ? aggregations[name] : undefined;
  if (sql === undefined)
    throw badRequest(
      `Aggregation "${name}" is not valid for measure "${String(measure)}". Valid aggregations: ${valid.join(', ')}`,
    );
  return [`${name}_${String(measure)}`, sql(found.sql)];
}

function bucketOf(
  value: unknown,
  { from, to }: { readonly from: string; readonly to: string },
): MetricQuery['bucket'] {
  if (!isRecord(value)) return undefined;
  const named = String(value['granularity']);
  const wanted = named === 'auto' ? autoBucket(Date.parse(to) - Date.parse(from)) : named;
  const bucket = buckets.find(({ unit }) => unit === wanted);
  if (bucket === undefined) throw badData('timeDimension', 'Invalid option');
  return bucket;
}

/** About fifty buckets for any span of time. */
function autoBucket(spanMs: number): string {
  const hours = spanMs / 3_600_000;
  if (hours < 2) return 'minute';
  if (hours < 72) return 'hour';
  if (hours < 1440) return 'day';
  return hours < 8760 ? 'week' : 'month';
}

function orderOf(value: unknown, columns: readonly string[]): MetricQuery['order'] {
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown) => {
    const { field, direction } = isRecord(item) ? item : {};
    const column = columns.find((known) => known === field || known.endsWith(`_${String(field)}`));
    if (column === undefined) throw badRequest(`Invalid orderBy field: ${String(field)}`);
    return { column, direction: direction === 'desc' ? 'DESC' : 'ASC' } as const;
  });
}

/** Ids as a dimension give as many rows as there are ids: only with a limit and an order that says which. */
function checkBounds(
  view: MetricView,
  dimensions: readonly string[],
  isSeries: boolean,
  order: MetricQuery['order'],
  limit: unknown,
): void {
  const wide = dimensions.filter((name) => view.unbounded.includes(name)).join(', ');
  if (wide === '') return;
  if (isSeries)
    throw badRequest(
      `High cardinality dimension(s) '${wide}' cannot be used with timeDimension. Time series queries with high cardinality dimensions produce unbounded result sets.`,
    );
  if (limit === undefined || !order.some(({ direction }) => direction === 'DESC'))
    throw badRequest(
      `High cardinality dimension(s) '${wide}' require both 'config.row_limit' and 'orderBy' with direction 'desc' on a measure field.`,
    );
}
