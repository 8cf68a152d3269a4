import { randomUUID } from 'node:crypto';
import { messageOf } from '../langfuse/log.ts';
import type { Settings } from '../langfuse/settings.ts';
import type { Worker } from './worker.ts';

/** Gates that are open unless they are closed (worker/src/env.ts of 4). */
const openByDefault = 'LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL';

/**
 * Runs what is neither finished nor failed, by name, once per start. A sandbox holds nothing that an older version
 * left behind, so each step is done as soon as it is begun; a row locked within the last minute ends the round
 * (worker/src/backgroundMigrations/backgroundMigrationManager.ts).
 */
export async function runBackgroundMigrations(worker: Worker): Promise<void> {
  if (worker.settings.text('LANGFUSE_ENABLE_BACKGROUND_MIGRATIONS') === 'false') return;
  try {
    while (await runNext(worker));
    worker.log.info('[Background Migration] No background migrations to run');
  } catch (error) {
    worker.log.error(`Error running background migrations ${messageOf(error)}`, error);
  }
}

/** False when there is none, or another worker has it. */
async function runNext({ log, postgres, settings }: Worker): Promise<boolean> {
  const rows = await postgres.query<{ id: string; name: string; gate: string | null; locked: boolean }>(
    `SELECT id, name, args->>'envGate' AS gate, coalesce(locked_at > now() - interval '60 seconds', false) AS locked
     FROM background_migrations WHERE finished_at IS NULL AND failed_at IS NULL ORDER BY name`,
  );
  const next = rows.find(({ gate }) => gate === null || isOpen(settings, gate));
  if (next === undefined || next.locked) return false;
  log.info(`[Background Migration] Found background migrations ${next.name} to run`);
  await postgres.query('UPDATE background_migrations SET worker_id = $2, locked_at = now() WHERE id = $1', [
    next.id,
    randomUUID(),
  ]);
  log.info(`[Background Migration] Acquired lock for background migration ${next.name}`);
  await postgres.query(
    'UPDATE background_migrations SET finished_at = now(), locked_at = NULL WHERE id = $1',
    [next.id],
  );
  log.info(`[Background Migration] Finished background migration ${next.name}`);
  return true;
}

/** A gated row stays dormant until the variable it names is "true". */
function isOpen(settings: Settings, gate: string): boolean {
  const given = settings.text(gate);
  return given === undefined ? gate === openByDefault : given === 'true';
}
