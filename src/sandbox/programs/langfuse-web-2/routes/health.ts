import type { Answer } from '../../langfuse-web/answer.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { messageOf } from '../../langfuse/log.ts';
import type { Web2 } from '../web.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Known are failIfDatabaseUnavailable and failIfNoRecentEvents, "true" to the letter; any other name is ignored. */
async function health(web: Web2, call: Call): Promise<Answer> {
  await telemetry(web);
  const asked = (name: string): boolean => call.url.searchParams.get(name) === 'true';
  if (asked('failIfDatabaseUnavailable') && !(await databaseAnswers(web)))
    return answered(web, 503, 'Database not available');
  const stale = asked('failIfNoRecentEvents') ? await withoutEvents(web) : undefined;
  return stale === undefined ? answered(web, 200, 'OK') : answered(web, 503, stale);
}

/** Unlike later releases it touches the database too, unless telemetry is off; a failure is only logged. */
async function ready(web: Web2): Promise<Answer> {
  await telemetry(web);
  if (!web.host.stopping.aborted) return answered(web, 200, 'OK');
  web.log.info('Readiness check failed: SIGTERM / SIGINT received, shutting down.');
  return answered(web, 500, 'SIGTERM / SIGINT received, shutting down');
}

function answered({ release }: Web2, status: number, text: string): Answer {
  return { status, json: { status: text, version: release.version } };
}

/** Nothing is sent anywhere: the sandbox looks at the job's row as the real one does, and leaves it at that. */
async function telemetry({ settings, postgres, log }: Web2): Promise<void> {
  if (settings.text('CI') !== undefined) return;
  const licensed = settings.text('LANGFUSE_EE_LICENSE_KEY') !== undefined;
  if (settings.text('TELEMETRY_ENABLED') === 'false' && !licensed) return;
  await postgres
    .query(`SELECT last_run FROM cron_jobs WHERE name = 'telemetry'`)
    .catch((error: unknown) => log.error(`Telemetry, unexpected error: ${messageOf(error)}`, error));
}

async function databaseAnswers({ postgres, log }: Web2): Promise<boolean> {
  try {
    await postgres.query('SELECT 1');
    return true;
  } catch (error) {
    log.error(`Couldn't connect to database ${messageOf(error)}`, error);
    return false;
  }
}

/** Both kinds must have come within 3 minutes, by the server's clock: created_at, not the client's timestamp. */
async function withoutEvents({ postgres, log }: Web2): Promise<string | undefined> {
  const recent = async (table: 'traces' | 'observations'): Promise<boolean> =>
    (
      await postgres.query(
        `SELECT id FROM ${table} WHERE created_at BETWEEN now() - INTERVAL '3 minutes' AND now() LIMIT 1`,
      )
    ).length > 0;
  try {
    if (!(await recent('traces'))) return 'No traces within the last 3 minutes';
    return (await recent('observations')) ? undefined : 'No observations within the last 3 minutes';
  } catch (error) {
    log.error(`Couldn't fetch recent events ${messageOf(error)}`, error);
    return "Couldn't fetch recent events";
  }
}

const any = (handler: (web: Web2, call: Call) => Promise<Answer>): Route<Web2>['methods'] =>
  Object.fromEntries(methods.map((method) => [method, handler]));

/** The probes (web/src/pages/api/public/health.ts and ready.ts at v2.95.12). */
export const healthRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/health', methods: any(health) },
  { path: '/api/public/ready', methods: any(ready) },
];
