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
    projectId,
    from: query.from,
    to: query.to,
  });
  return { status: 200, json: { data } };
}

function sqlOf({ view, dimensions, metrics: columns, bucket, order, limit }: MetricQuery): string {
  const grouped = [
    ...(bucket === undefined ? [] : [['time_dimension', bucket(view.time)] as const]),
    ...dimensions.map((name) => [name, view.dimensions[name] ?? ''] as const),
  ];
  // Aliases that are also columns would be taken for them inside the aggregates.
  const selected = [...grouped, ...Object.entries(columns)].map(([name, sql]) => `${sql} AS "${name}"`);
  const time = (name: string): string => `parseDateTime64BestEffort({${name}: String}, 3)`;
  const where = [
    'project_id = {projectId: String}',
    ...view.always,
    `${view.time} >= ${time('from')}`,
    `${view.time} <= ${time('to')}`,
  ];
  const wanted = order.map(({ column, direction }) => `"${column}" ${direction}`);
  const ordered = wanted.length > 0 ? wanted : bucket === undefined ? [] : ['"time_dimension" ASC'];
  return [
    `SELECT ${selected.join(', ')} FROM ${view.from} WHERE ${where.join(' AND ')}`,
    grouped.length === 0 ? '' : `GROUP BY ${grouped.map(([name]) => `"${name}"`).join(', ')}`,
    ordered.length === 0 ? '' : `ORDER BY ${ordered.join(', ')}`,
    `LIMIT ${limit}`,
    "SETTINGS prefer_column_name_to_alias = 1, date_time_output_format = 'iso'",
  ].join('\n');
}

export const metricsRoutes: readonly Route[] = [
  { path: '/api/public/v2/metrics', methods: { GET: metrics } },
];
