import { messageOf } from '../langfuse/log.ts';
import { selectWithRetries } from '../langfuse/clickhouse.ts';
import { backfillExperiments } from './experiment-backfill.ts';
import { propagationSql } from './events-sql.ts';
import type { Worker } from './worker.ts';

/** Redis key: the partition that was propagated last, as ClickHouse writes it. */
export const lastPartitionKey = 'langfuse:event-propagation:last-processed-partition';
/** Redis key: when the job ran last, in milliseconds. */
export const lastRunKey = 'langfuse:event-propagation:last-run-started-at';

/**
 * One run a minute: the oldest partition of the staging table that is old enough goes to events_full. Only the dual
 * mode fills that table, but the job runs wherever events are written
 * (worker/src/features/eventPropagation/handleEventPropagationJob.ts).
 */
export async function processEventPropagation(worker: Worker): Promise<void> {
  const { log, redis } = worker;
  log.info('Executing Event Propagation Job');
  try {
    await redis?.set(lastRunKey, String(Date.now()));
    await propagate(worker);
    await backfillExperiments(worker);
  } catch (error) {
    log.error('Error executing EventPropagationJob');
    throw error;
  }
}

async function propagate(worker: Worker): Promise<void> {
  const { log, redis, clickhouse } = worker;
  try {
    const last = (await redis?.get(lastPartitionKey)) ?? undefined;
    log.info(`[DUAL WRITE] Last processed partition: ${last ?? 'none'}`);
    const partition = await nextPartition(worker, last);
    if (partition === undefined) {
      log.info(`[DUAL WRITE] No partitions available for processing (last processed: ${last ?? 'none'})`);
      return;
    }
    log.info(`[DUAL WRITE] Processing partition ${partition} for events table fill`);
    await clickhouse.command(propagationSql, { partition });
    log.info(`[DUAL WRITE] Successfully propagated observations from partition ${partition} to events table`);
    await redis?.set(lastPartitionKey, partition);
    log.info(`[DUAL WRITE] Updated last processed partition to ${partition}`);
  } catch (error) {
    log.error(`[DUAL WRITE] Failed to process event propagation batch ${messageOf(error)}`, error);
    throw error;
  }
}

/** A partition takes rows for some minutes yet; the sandbox's clock shortens the wait. */
async function nextPartition(worker: Worker, last: string | undefined): Promise<string | undefined> {
  const { settings, host, log, clickhouse } = worker;
  const minutes = settings.number('LANGFUSE_EXPERIMENT_EVENT_PROPAGATION_PARTITION_DELAY_MINUTES', 10);
  log.info('[Connection] Log level is set to INFO');
  const [row] = await selectWithRetries<{ partition: string }>(
    clickhouse,
    log,
    `SELECT DISTINCT partition FROM system.parts
     WHERE database = currentDatabase() AND table = 'observations_batch_staging' AND active
       AND toDateTime(partition) < now() - {delay: UInt32} AND partition > {last: String}
     ORDER BY partition LIMIT 1`,
    { delay: Math.round((minutes * 60) / host.timeScale), last: last ?? '' },
  );
  return row?.partition;
}
