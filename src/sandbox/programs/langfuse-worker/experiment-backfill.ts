import { selectWithRetries } from '../langfuse/clickhouse.ts';
import { clickHouseTime } from './values.ts';
import type { Worker } from './worker.ts';

const lastRunKey = 'langfuse:event-propagation:experiment-backfill:last-run';
const lockKey = 'langfuse:experiment-backfill:lock';
const everyMs = 5 * 60_000;
const lockSeconds = 300;

/**
 * Every five minutes, after event propagation: items of dataset runs would be written to events_full as well. The
 * stand-in makes no dataset runs, so it says what it looked at and finds none
 * (worker/src/features/eventPropagation/handleExperimentBackfill.ts).
 */
export async function backfillExperiments(worker: Worker): Promise<void> {
  const { log, redis } = worker;
  const say = (text: string): void => log.info(`[EXPERIMENT BACKFILL] ${text}`);
  say('Checking if backfill should run');
  const now = new Date();
  const started = await redis?.set(lastRunKey, now.toISOString(), 'NX');
  if (started === 'OK') say(`Initialized cutoff timestamp to ${now.toISOString()} (first run)`);
  const lastRun = new Date((await redis?.get(lastRunKey)) ?? now);
  if (now.getTime() - lastRun.getTime() < everyMs) return;
  if ((await redis?.set(lockKey, 'true', 'EX', lockSeconds, 'NX')) !== 'OK') return;
  say(`Acquired backfill lock with TTL ${lockSeconds}s`);
  const upper = new Date(Math.min(lastRun.getTime() + 8 * 3_600_000, now.getTime() - 30_000));
  say(`Processing chunk from ${lastRun.toISOString()} to ${upper.toISOString()}`);
  say(
    `Starting backfill process with lastRun ${lastRun.toISOString()} and upperBound ${upper.toISOString()}`,
  );
  await lookAtRuns(worker, lastRun, upper);
  await redis?.set(lastRunKey, upper.toISOString());
  say(`Updated last run timestamp to ${upper.toISOString()}`);
  say('Backfill completed successfully');
}

async function lookAtRuns(worker: Worker, from: Date, to: Date): Promise<void> {
  const [row] = await selectWithRetries<{ found: number }>(
    worker.clickhouse,
    worker.log,
    `SELECT count() AS found FROM dataset_run_items_rmt
     WHERE created_at > {from: DateTime64(3)} AND created_at <= {to: DateTime64(3)}`,
    { from: clickHouseTime(from) ?? '', to: clickHouseTime(to) ?? '' },
  );
  const window = `between ${from.toISOString()} and ${to.toISOString()}`;
  worker.log.info(`[EXPERIMENT BACKFILL] Found ${row?.found ?? 0} dataset run items ${window}`);
}
