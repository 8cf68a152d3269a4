import type { PostgresPort } from '../../ports/postgres.ts';
import type { StepControl } from '../../plan/plan.ts';
import { exactly, type Holding } from './holding.ts';

/** Rows of one statement: it stays well within a statement's time, and locks little. */
const batch = 5000;

/**
 * Tables that may hold more than one transaction should remove, in the order in which nothing refers to what goes
 * first: traces of Langfuse 2 hold on to their sessions. The others go with the project's row, by their foreign keys.
 */
const large: readonly string[] = [
  'scores',
  'observations',
  'traces',
  'trace_sessions',
  'events',
  'job_executions',
  'trace_media',
  'observation_media',
  'dataset_item_media',
  'media',
  'dataset_run_items',
  'dataset_items',
  'pending_deletions',
];

/** They are to outlive what they tell of, as in the app. */
const kept = ['audit_logs'];

const tablesSql = `SELECT c.relname AS name FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attname = 'project_id' AND NOT a.attisdropped AND NOT c.relname = ANY($1)
  ORDER BY c.relname`;

/** All rows of a project: the large tables in batches, the project with what hangs on it, and what hangs on nothing. */
export function postgresHolding(postgres: PostgresPort, projectId: string): Holding {
  const title = 'rows in Postgres';
  return {
    id: 'postgres/rows',
    store: 'postgres',
    title,
    count: async () => exactly(await countOf(postgres, await tablesOf(postgres), projectId)),
    purge: async (control) => {
      const tables = await tablesOf(postgres);
      for (const table of large.filter((one) => tables.includes(one)))
        await removeRows({ postgres, projectId, table }, control);
      control.signal.throwIfAborted();
      await postgres.change([{ sql: 'DELETE FROM projects WHERE id = $1', parameters: [projectId] }]);
      for (const table of tables)
        if ((await countOf(postgres, [table], projectId)) > 0)
          await removeRows({ postgres, projectId, table }, control);
    },
  };
}

async function tablesOf(postgres: PostgresPort): Promise<string[]> {
  return (await postgres.query<{ name: string }>(tablesSql, [kept])).map(({ name }) => name);
}

/** The project's own row counts too. */
async function countOf(
  postgres: PostgresPort,
  tables: readonly string[],
  projectId: string,
): Promise<number> {
  const counts = ['SELECT count(*) AS found FROM projects WHERE id = $1'].concat(
    tables.map((table) => `SELECT count(*) AS found FROM "${table}" WHERE project_id = $1`),
  );
  const [row] = await postgres.query<{ found: number }>(
    `SELECT sum(found)::int AS found FROM (${counts.join(' UNION ALL ')}) counts`,
    [projectId],
  );
  return row?.found ?? 0;
}

interface Rows {
  readonly postgres: PostgresPort;
  readonly projectId: string;
  readonly table: string;
}

async function removeRows(
  { postgres, projectId, table }: Rows,
  { signal, progress }: Pick<StepControl, 'signal' | 'progress'>,
): Promise<void> {
  for (let removed = 0; ;) {
    signal.throwIfAborted();
    const [rows = 0] = await postgres.change([
      {
        sql: `DELETE FROM "${table}" WHERE ctid = ANY(ARRAY(SELECT ctid FROM "${table}" WHERE project_id = $1 LIMIT ${String(batch)}))`,
        parameters: [projectId],
      },
    ]);
    removed += rows;
    if (rows > 0) progress(`rows of ${table} in Postgres: ${String(removed)} removed`);
    if (rows < batch) return;
  }
}
