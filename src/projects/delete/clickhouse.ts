import { LfctlError } from '../../errors/error.ts';
import type { ClickHousePort } from '../../ports/clickhouse.ts';
import type { StepControl } from '../../plan/plan.ts';
import type { Pause } from './estate.ts';
import { exactly, type Holding } from './holding.ts';

/** Tables that hold rows of projects, whatever this version has: views show what others hold. */
const tablesSql = `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'
  AND name IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'project_id')
  ORDER BY name`;

/** One holding for each table. */
export async function clickhouseHoldings(
  clickhouse: ClickHousePort,
  projectId: string,
  pause: Pause,
): Promise<Holding[]> {
  const tables = await clickhouse.query<{ name: string }>(tablesSql);
  return tables.map(({ name }) => tableHolding({ clickhouse, projectId, pause, table: name }));
}

interface Rows {
  readonly clickhouse: ClickHousePort;
  readonly projectId: string;
  readonly table: string;
  readonly pause: Pause;
}

const where = 'WHERE project_id = {project:String}';

function tableHolding(rows: Rows): Holding {
  const title = `rows of ${rows.table} in ClickHouse`;
  return {
    id: `clickhouse/${rows.table}`,
    store: 'clickhouse',
    title,
    count: async () => exactly(await countOf(rows)),
    purge: async (control) => {
      const months = await partitionsOf(rows);
      for (const [index, month] of months.entries()) {
        control.signal.throwIfAborted();
        control.progress(`${title}: part ${String(index + 1)} of ${String(months.length)}`);
        await removeMonth(rows, month, control);
      }
    },
  };
}

async function countOf({ clickhouse, projectId, table }: Rows, more = '', parameters = {}): Promise<number> {
  const [row] = await clickhouse.query<{ found: string | number }>(
    `SELECT count() AS found FROM \`${table}\` ${where}${more}`,
    { project: projectId, ...parameters },
  );
  return Number(row?.found ?? 0);
}

/** Main tables have one partition for each month: that is as much as one mutation has to go through. */
async function partitionsOf({ clickhouse, projectId, table }: Rows): Promise<string[]> {
  const rows = await clickhouse.query<{ id: string }>(
    `SELECT DISTINCT _partition_id AS id FROM \`${table}\` ${where} ORDER BY id`,
    { project: projectId },
  );
  return rows.map(({ id }) => id);
}

const pollMs = 500;

/** The server goes on with what it began when lfctl no longer waits for it: then the rows themselves are watched. */
async function removeMonth(
  rows: Rows,
  month: string,
  { signal }: Pick<StepControl, 'signal'>,
): Promise<void> {
  const { clickhouse, projectId, table, pause } = rows;
  try {
    await clickhouse.change(`DELETE FROM \`${table}\` ${where} AND _partition_id = {month:String}`, {
      project: projectId,
      month,
    });
  } catch (error) {
    if (!(error instanceof LfctlError) || error.code !== 'CLICKHOUSE_TIMEOUT') throw error;
    while ((await countOf(rows, ' AND _partition_id = {month:String}', { month })) > 0)
      await pause(pollMs, signal);
  }
}
