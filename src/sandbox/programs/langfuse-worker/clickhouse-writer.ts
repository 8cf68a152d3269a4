import type { ClickHouse } from '../langfuse/clickhouse.ts';
import { messageOf, type Log } from '../langfuse/log.ts';
import type { Settings } from '../langfuse/settings.ts';

type Table =
  | 'traces'
  | 'observations'
  | 'scores'
  | 'blob_storage_file_log'
  | 'events_full'
  | 'observations_batch_staging';

/** A row to be inserted, by column. */
export type ClickHouseRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** Collects rows and inserts them in batches. */
export interface ClickHouseWriter {
  readonly add: (table: Table, row: ClickHouseRow) => void;
  /** Writes what is buffered, then stops the clock. */
  readonly shutdown: () => Promise<void>;
}

interface Waiting {
  readonly row: ClickHouseRow;
  readonly attempts: number;
}

interface Buffer {
  readonly clickhouse: ClickHouse;
  readonly log: Log;
  readonly maxAttempts: number;
  readonly batchSize: number;
  readonly waiting: Map<Table, Waiting[]>;
}

/**
 * The in-memory buffer between finished jobs and ClickHouse: flushed by time or size; a row that fails
 * `LANGFUSE_INGESTION_CLICKHOUSE_MAX_ATTEMPTS` flushes is dropped, although its job is long done.
 */
export function startClickHouseWriter(
  clickhouse: ClickHouse,
  settings: Settings,
  log: Log,
): ClickHouseWriter {
  const intervalMs = settings.number('LANGFUSE_INGESTION_CLICKHOUSE_WRITE_INTERVAL_MS', 1000);
  const batchSize = settings.number('LANGFUSE_INGESTION_CLICKHOUSE_WRITE_BATCH_SIZE', 1000);
  const maxAttempts = settings.number('LANGFUSE_INGESTION_CLICKHOUSE_MAX_ATTEMPTS', 3);
  log.info(`Starting ClickhouseWriter. Max interval: ${intervalMs} ms, Max batch size: ${batchSize}`);
  log.info('[Connection] Log level is set to INFO');
  const buffer: Buffer = { clickhouse, log, maxAttempts, batchSize, waiting: new Map() };
  let flushing: Promise<void> | undefined;
  const flush = (): void => {
    flushing ??= flushAll(buffer).finally(() => (flushing = undefined));
  };
  const timer = setInterval(flush, intervalMs);
  return {
    add: (table, row) => {
      const rows = buffer.waiting.get(table) ?? [];
      rows.push({ row, attempts: 0 });
      buffer.waiting.set(table, rows);
      if (rows.length >= batchSize) flush();
    },
    shutdown: async () => {
      log.info('Shutting down ClickhouseWriter...');
      clearInterval(timer);
      await flushing;
      await flushAll({ ...buffer, batchSize: Number.MAX_SAFE_INTEGER });
      log.info('ClickhouseWriter shutdown complete.');
    },
  };
}

async function flushAll(buffer: Buffer): Promise<void> {
  await Promise.all([...buffer.waiting.keys()].map(async (table) => await flushTable(buffer, table)));
}

async function flushTable(buffer: Buffer, table: Table): Promise<void> {
  const rows = buffer.waiting.get(table) ?? [];
  const batch = rows.splice(0, buffer.batchSize);
  if (batch.length === 0) return;
  try {
    await buffer.clickhouse.insert(
      table,
      batch.map(({ row }) => row),
    );
  } catch (error) {
    failed(buffer, table, batch, error);
  }
}

function failed(buffer: Buffer, table: Table, batch: readonly Waiting[], error: unknown): void {
  const { log, maxAttempts } = buffer;
  log.error(`ClickhouseWriter.writeToClickhouse ${String(error)}`);
  log.error(`ClickHouse query failed with non-retryable error: ${messageOf(error)}`);
  log.error(`ClickhouseWriter.flush ${table} ${messageOf(error)}`, error);
  const again = batch.map(({ row, attempts }) => ({ row, attempts: attempts + 1 }));
  const kept = again.filter(({ attempts }) => attempts < maxAttempts);
  const dropped = again.length - kept.length;
  buffer.waiting.get(table)?.push(...kept);
  if (dropped > 0) log.error(`ClickhouseWriter: Max attempts reached, dropped ${dropped} ${table} record(s)`);
}
