import { backfillSql, rootSpansSql, sortedCopySql, sortedTableSql } from './events-sql.ts';
import { copyTable } from './postgres-copy.ts';
import type { Worker } from './worker.ts';

interface Script {
  /** Tables of ClickHouse that must be there before it begins. */
  readonly needs: readonly string[];
  readonly run: (worker: Worker) => Promise<void>;
}

const copy = (table: 'traces' | 'observations' | 'scores'): Script => ({
  needs: [table],
  run: async (worker) => await copyTable(worker, table),
});

const statements = (needs: readonly string[], ...sql: readonly string[]): Script => ({
  needs,
  run: async ({ clickhouse }) => {
    for (const statement of sql) await clickhouse.command(statement);
  },
});

const events = ['traces', 'events_full', 'events_core', 'events_core_mv', 'dataset_run_items_rmt'];

/** Those that move rows which a sandbox can have; the others find nothing to do. */
const scripts: Readonly<Record<string, Script>> = {
  migrateTracesFromPostgresToClickhouse: copy('traces'),
  migrateObservationsFromPostgresToClickhouse: copy('observations'),
  migrateScoresFromPostgresToClickhouse: copy('scores'),
  createRootSpansFromTraces: statements(events, rootSpansSql),
  rewriteObservationsToPidTidSorting: statements(['observations'], sortedTableSql, sortedCopySql),
  backfillEventsFullFromObservations: statements([...events, 'observations_pid_tid_sorting'], backfillSql),
  dropPidTidSortingTables: statements([], 'DROP TABLE IF EXISTS observations_pid_tid_sorting'),
};

const attempts = 5;
const pauseMs = 10_000;

/**
 * Carries out what a row of background_migrations names. Web may still be migrating: tables are waited for.
 *
 * @returns why it cannot begin, or undefined when it is done
 * @throws when it fails half-way
 */
export async function runScript(worker: Worker, name: string): Promise<string | undefined> {
  const script = scripts[name];
  if (script === undefined) return undefined;
  const refusal = await refusalOf(worker, script.needs);
  if (refusal === undefined) await script.run(worker);
  return refusal;
}

async function refusalOf(worker: Worker, needs: readonly string[]): Promise<string | undefined> {
  const { log, host } = worker;
  // Web's migrations are real work: the sandbox's clock asks more often, not for a shorter time.
  for (let left = attempts * Math.min(host.timeScale, 10); ; left--) {
    const missing = await missingTable(worker, needs);
    if (missing === undefined) return undefined;
    const reason = `ClickHouse ${missing} table does not exist`;
    if (left <= 0 || host.stopping.aborted) return reason;
    log.info(`${reason}. Retrying in ${pauseMs / 1000}s...`);
    await new Promise((wake) => setTimeout(wake, pauseMs / host.timeScale));
  }
}

async function missingTable({ clickhouse }: Worker, needs: readonly string[]): Promise<string | undefined> {
  const rows = await clickhouse.select<{ name: string }>('SHOW TABLES');
  const names = new Set(rows.map(({ name }) => name));
  return needs.find((name) => !names.has(name));
}
