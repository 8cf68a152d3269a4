import { selectWithRetries } from '../../langfuse/clickhouse.ts';
import { HttpError, type Answer } from '../answer.ts';
import { metricQueryOf, type MetricQuery } from '../metric-query.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

/** GET: sums over the events tables and the scores. */
async function metrics(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const query = metricQueryOf(call.url.searchParams.get('query'));
  if (!web.flags.allowPreviewOptIn || web.flags.writeMode === 'legacy')
    throw new HttpError(404, {
      message:
        'The metrics v2 API is only available in a Langfuse v4 write mode. Learn more at: https://langfuse.com/docs/v4',
      error: 'LangfuseNotFoundError',
    });
  web.log.info('Received v2 metrics query');
  const data = await selectWithRetries(web.clickhouse, web.log, sqlOf(query), {
    ...query.filter.parameters,
    projectId,
    from: query.from,
    to: query.to,
  });
  return { status: 200, json: { data } };
}

function sqlOf(query: MetricQuery): string {
  const { view, dimensions, metrics: columns, filter, bucket, limit } = query;
  const grouped = [
    ...(bucket === undefined ? [] : [['time_dimension', bucket.start(view.time)] as const]),
    ...dimensions.map((name) => [name, view.dimensions[name] ?? ''] as const),
  ];
  const selected = [...grouped, ...Object.entries(columns)].map(([name, sql]) => `${sql} AS "${name}"`);
  const where = [
    'project_id = {projectId: String}',
    ...view.always,
    filter.sql,
    `${view.time} >= ${timeSql('from')}`,
    `${view.time} <= ${timeSql('to')}`,
  ];
  return [
    `SELECT ${selected.join(', ')} FROM ${view.from} WHERE ${where.join(' AND ')}`,
    grouped.length === 0 ? '' : `GROUP BY ${grouped.map(([name]) => `"${name}"`).join(', ')}`,
    orderSql(query),
    `LIMIT ${limit}`,
    // Aliases that are also columns would be taken for them inside the aggregates.
    `SETTINGS prefer_column_name_to_alias = 1, date_time_output_format = 'iso'`,
  ].join('\n');
}

const timeSql = (name: string): string => `parseDateTime64BestEffort({${name}: String}, 3)`;

/** A series without an order of its own is by time, with a row for each step. */
function orderSql({ bucket, order }: MetricQuery): string {
  if (order.length > 0)
    return `ORDER BY ${order.map(({ column, direction }) => `"${column}" ${direction}`).join(', ')}`;
  if (bucket === undefined) return '';
  const [from, to] = [bucket.start(timeSql('from')), bucket.start(timeSql('to'))];
  return `ORDER BY "time_dimension" ASC WITH FILL FROM ${from} TO ${to} STEP INTERVAL 1 ${bucket.unit.toUpperCase()}`;
}

export const metricsRoutes: readonly Route[] = [
  { path: '/api/public/v2/metrics', methods: { GET: metrics } },
];
