import type { Answer } from '../../langfuse-web/answer.ts';
import { metaOf, pageSql } from '../../langfuse-web/page.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { pageOf2 } from '../listing.ts';
import { projectScope2 } from '../scope.ts';
import type { Web2 } from '../web.ts';

/** Traces and use of models per day, the newest first (metrics/daily.ts at v2.95.12, without its filters). */
const dailySql = `
  WITH model_use AS (
    SELECT date_trunc('day', o.start_time) AS day, o.model, count(*)::int AS observations,
      count(DISTINCT t.id)::int AS traces, sum(o.prompt_tokens) AS input, sum(o.completion_tokens) AS output,
      sum(o.total_tokens) AS total, coalesce(sum(o.calculated_total_cost), 0)::float8 AS cost
    FROM traces t JOIN observations_view o ON o.trace_id = t.id AND o.project_id = t.project_id
    WHERE t.project_id = $1 GROUP BY 1, 2
  ), day_use AS (
    SELECT day, sum(observations)::int AS observations, sum(cost) AS cost,
      json_agg(json_build_object('model', model, 'inputUsage', input, 'outputUsage', output, 'totalUsage', total,
        'totalCost', cost, 'countObservations', observations, 'countTraces', traces)) AS usage
    FROM model_use GROUP BY 1
  ), day_traces AS (
    SELECT date_trunc('day', timestamp) AS day, count(*)::int AS traces FROM traces WHERE project_id = $1 GROUP BY 1
  )
  SELECT to_char(day, 'YYYY-MM-DD') AS date, coalesce(traces, 0) AS "countTraces",
    coalesce(observations, 0) AS "countObservations", coalesce(cost, 0) AS "totalCost",
    coalesce(usage, '[]'::json) AS usage
  FROM day_use FULL JOIN day_traces USING (day) ORDER BY 1 DESC`;

async function daily(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Daily Metrics');
  const page = pageOf2(call.url.searchParams);
  const data = await web.postgres.query(`${dailySql} ${pageSql(page)}`, [projectId]);
  const [count] = await web.postgres.query<{ n: string }>(
    `SELECT count(DISTINCT date_trunc('day', timestamp)) AS n FROM traces WHERE project_id = $1`,
    [projectId],
  );
  return { status: 200, json: { data, meta: metaOf(page, Number(count?.n ?? 0)) } };
}

export const metricsRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/metrics/daily', methods: { GET: daily } },
];
