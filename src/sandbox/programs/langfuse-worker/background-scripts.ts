import { backfillSql, rootSpansSql, sortedCopySql } from './events-sql.ts';
import { copyTable } from './postgres-copy.ts';
import type { Worker } from './worker.ts';

type Script = (worker: Worker) => Promise<void>;

const statement =
  (sql: string): Script =>
  async ({ clickhouse }) =>
    await clickhouse.command(sql);

/** Those that move rows which a sandbox can have; the others find nothing to do. */
const scripts: Readonly<Record<string, Script>> = {
  migrateTracesFromPostgresToClickhouse: async (worker) => await copyTable(worker, 'traces'),
  migrateObservationsFromPostgresToClickhouse: async (worker) => await copyTable(worker, 'observations'),
  migrateScoresFromPostgresToClickhouse: async (worker) => await copyTable(worker, 'scores'),
  createRootSpansFromTraces: statement(rootSpansSql),
  rewriteObservationsToPidTidSorting: statement(sortedCopySql),
  backfillEventsFullFromObservations: statement(backfillSql),
  dropPidTidSortingTables: statement('DROP TABLE IF EXISTS observations_pid_tid_sorting'),
};

/** What a row of background_migrations does; undefined for a script that has no work here. */
export function scriptOf(name: string): Script | undefined {
  return scripts[name];
}
