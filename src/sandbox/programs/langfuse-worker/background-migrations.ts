import { randomUUID } from 'node:crypto';
import { messageOf } from '../langfuse/log.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import type { Settings } from '../langfuse/settings.ts';
import { runScript } from './background-scripts.ts';
import type { Worker } from './worker.ts';

/** Gates that are open unless they are closed (worker/src/env.ts of 4). */
const openByDefault = 'LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL';

/**
 * Runs what is neither finished nor failed, by name, once per start; a row that another worker locked within the last
 * minute ends the round (worker/src/backgroundMigrations/backgroundMigrationManager.ts).
 */
export async function runBackgroundMigrations(worker: Worker): Promise<void> {
  if (worker.settings.text('LANGFUSE_ENABLE_BACKGROUND_MIGRATIONS') === 'false') return;
  try {
    for (let next = await nextRow(worker); next !== undefined; next = await nextRow(worker))
      await runRow(worker, next);
    worker.log.info('[Background Migration] No background migrations to run');
  } catch (error) {
    worker.log.error(`Error running background migrations ${messageOf(error)}`, error);
  }
}

interface Row extends SqlRow {
  readonly id: string;
  readonly name: string;
  readonly script: string;
  readonly gate: string | null;
  readonly locked: boolean;
}

/** Undefined when there is none, or another worker has it. */
async function nextRow({ postgres, settings }: Worker): Promise<Row | undefined> {
  const rows = await postgres.query<Row>(
    `SELECT id, name, script, args->>'envGate' AS gate,
       coalesce(locked_at > now() - interval '60 seconds', false) AS locked
     FROM background_migrations WHERE finished_at IS NULL AND failed_at IS NULL ORDER BY name`,
  );
  const next = rows.find(({ gate }) => gate === null || isOpen(settings, gate));
  return next?.locked === true ? undefined : next;
}

async function runRow(worker: Worker, { id, name, script }: Row): Promise<void> {
  const { log, postgres } = worker;
  const set = async (what: string, ...values: readonly unknown[]): Promise<unknown> =>
    await postgres.query(`UPDATE background_migrations SET ${what} WHERE id = $1`, [id, ...values]);
  log.info(`[Background Migration] Found background migrations ${name} to run`);
  await set('worker_id = $2, locked_at = now()', randomUUID());
  log.info(`[Background Migration] Acquired lock for background migration ${name}`);
  try {
    const refusal = await runScript(worker, script);
    if (refusal !== undefined) {
      log.error(`[Background Migration] Validation failed for background migration ${name}: ${refusal}`);
      await set('locked_at = NULL, failed_at = now(), failed_reason = $2', refusal);
      return;
    }
    await set('finished_at = now(), locked_at = NULL');
    log.info(`[Background Migration] Finished background migration ${name}`);
  } catch (error) {
    log.error(`[Background Migration] Failed to run background migration ${name}: ${String(error)}`);
    await set('locked_at = NULL, failed_at = now(), failed_reason = $2', messageOf(error));
  }
}

/** A gated row stays dormant until the variable it names is "true". */
function isOpen(settings: Settings, gate: string): boolean {
  const given = settings.text(gate);
  return given === undefined ? gate === openByDefault : given === 'true';
}
