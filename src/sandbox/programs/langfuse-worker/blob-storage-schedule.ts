import type { Worker } from './worker.ts';

/** Looks for exports that are due; the sandbox's worker carries none of them out. */
export async function processBlobStorageSchedule({ log, postgres }: Worker): Promise<void> {
  log.info('Executing Blob Storage Integration Job');
  const due = await postgres.query(
    'SELECT project_id FROM blob_storage_integrations WHERE enabled AND (last_sync_at IS NULL OR next_sync_at <= now())',
  );
  if (due.length === 0) log.info('No blob storage integrations ready for sync');
  else log.info(`Scheduling ${due.length} blob storage integrations for sync`);
}
