import type { Answer } from '../answer.ts';
import type { Call, Route } from '../route.ts';
import { messageOf } from '../../langfuse/log.ts';
import { selectWithRetries } from '../../langfuse/clickhouse.ts';
import type { Web } from '../web.ts';

async function health(web: Web, call: Call): Promise<Answer> {
  const { version } = web.release;
  const answer = (status: number, text: string): Answer => ({ status, json: { status: text, version } });
  await telemetry(web);
  if (call.url.searchParams.get('failIfDatabaseUnavailable') === 'true' && !(await databaseAnswers(web)))
    return answer(503, 'Database not available');
  if (call.url.searchParams.get('failIfNoRecentEvents') === 'true') {
    const reason = await recentEvents(web);
    if (reason !== undefined) return answer(503, reason);
  }
  return answer(200, 'OK');
}

/** The handler first touches cron_jobs; a failure is only logged. */
async function telemetry(web: Web): Promise<void> {
  if (web.settings.text('TELEMETRY_ENABLED') === 'false') return;
  await web.postgres
    .query('SELECT last_run FROM cron_jobs WHERE name = $1', ['telemetry'])
    .catch((error: unknown) => web.log.error(`Telemetry, unexpected error: ${messageOf(error)}`));
}

async function databaseAnswers(web: Web): Promise<boolean> {
  return await web.postgres.query('SELECT 1').then(
    () => true,
    (error: unknown) => {
      web.log.error("Couldn't connect to database", error);
      return false;
    },
  );
}

async function recentEvents(web: Web): Promise<string | undefined> {
  const missing = async (table: string, column: string, what = table): Promise<string | undefined> => {
    const recent = `${column} <= now64(3) AND ${column} >= now64(3) - INTERVAL 3 MINUTE`;
    const sql = `SELECT 1 AS n FROM ${table} WHERE ${recent} LIMIT 1`;
    const rows = await selectWithRetries(web.clickhouse, web.log, sql);
    return rows.length === 0 ? `No ${what} within the last 3 minutes` : undefined;
  };
  try {
    if (!web.flags.writesLegacy) return await missing('events_core', 'start_time', 'events');
    return (await missing('traces', 'timestamp')) ?? (await missing('observations', 'start_time'));
  } catch (error) {
    web.log.error("Couldn't fetch recent events", error);
    return "Couldn't fetch recent events";
  }
}

async function ready(web: Web): Promise<Answer> {
  const { version } = web.release;
  if (!web.host.stopping.aborted) return { status: 200, json: { status: 'OK', version } };
  return { status: 500, json: { status: 'SIGTERM / SIGINT received, shutting down', version } };
}

export const healthRoutes: readonly Route[] = [
  { path: '/api/public/health', methods: { GET: health } },
  { path: '/api/public/ready', methods: { GET: ready } },
];
