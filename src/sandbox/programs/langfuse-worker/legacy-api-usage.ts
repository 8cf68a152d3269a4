import { messageOf } from '../langfuse/log.ts';
import { selectWithRetries } from '../langfuse/clickhouse.ts';
import type { Worker } from './worker.ts';

const lock = 'langfuse:v4-legacy-api-usage:lock';

/**
 * Counts who still uses the endpoints of 3, from ClickHouse's query log. A ClickHouse without that table fails the
 * job again and again, which harms nothing (worker-healthy capture of 4).
 */
export async function processLegacyApiUsage(worker: Worker): Promise<void> {
  const { log, redis } = worker;
  log.info('Executing V4 Legacy API Usage Job');
  if ((await redis?.set(lock, '1', 'EX', 600, 'NX')) !== 'OK') {
    log.info('Skipping v4 legacy API usage job: another worker holds the lock');
    return;
  }
  try {
    await count(worker);
  } catch (error) {
    log.error('v4 legacy API usage: job failed');
    log.error('Error executing V4LegacyApiUsageJob');
    throw error;
  } finally {
    await redis?.del(lock);
  }
}

async function count({ log, clickhouse }: Worker): Promise<void> {
  log.info('v4 legacy API usage: lock acquired');
  log.info('v4 legacy API usage: loaded existing hour buckets');
  log.info('Running v4 legacy API usage job');
  log.info('v4 legacy API usage: scanning query_log');
  log.info('[Connection] Log level is set to INFO');
  try {
    await selectWithRetries(
      clickhouse,
      log,
      `SELECT count() AS queries FROM system.query_log WHERE event_date >= today() - 1
       AND log_comment LIKE '%"surface":"publicapi"%'`,
    );
  } catch (error) {
    log.error(`ClickHouse query failed with non-retryable error: ${messageOf(error)}`);
    log.error('v4 legacy API usage: query_log scan failed');
    throw error;
  }
  log.info('Completed v4 legacy API usage job');
}
