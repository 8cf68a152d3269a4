import type { Mode } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';
import type { ClickHousePort } from '../ports/clickhouse.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Reach, Tenancy } from '../tenancy/access.ts';
import { parameterOf } from '../tenancy/rows.ts';

/** Traces of the last day by project id; a project without any is not in it. */
export type Traffic = ReadonlyMap<string, number>;

const dayMs = 24 * 3_600_000;

/** Counts where this Langfuse keeps its traces, or says why that cannot be looked at. */
export async function readTraffic(tenancy: Tenancy): Promise<Reach<Traffic>> {
  const { generation, postgres, clickhouse, deployment, now } = tenancy;
  const since = new Date(now().getTime() - dayMs);
  try {
    if (generation === 2) return await counted(postgres, async (port) => await inPostgres(port, since));
    const mode = deployment?.mode ?? null;
    return await counted(clickhouse, async (port) => await inClickHouse(port, mode, since));
  } catch (error) {
    if (error instanceof LfctlError) return { state: 'unknown', why: error.message, error };
    throw error;
  }
}

async function counted<Port>(
  store: Reach<Port>,
  count: (port: Port) => Promise<Traffic>,
): Promise<Reach<Traffic>> {
  return store.state === 'open' ? { state: 'open', port: await count(store.port) } : store;
}

interface Row {
  readonly project: string;
  readonly traces: number | string;
}

async function inPostgres(postgres: PostgresPort, since: Date): Promise<Traffic> {
  return trafficOf(
    await postgres.query<Row>(
      'SELECT project_id AS project, count(*) AS traces FROM traces WHERE timestamp >= $1 GROUP BY project_id',
      [parameterOf(since)],
    ),
  );
}

/** Rows come in several versions until they are merged; `uniq` is exact for some ten thousands. */
async function inClickHouse(clickhouse: ClickHousePort, mode: Mode | null, since: Date): Promise<Traffic> {
  const there = await clickhouse.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN ('traces', 'events_core')",
  );
  const tables = there.map(({ name }) => name).filter((name) => mode !== 'legacy' || name === 'traces');
  const counts = await Promise.all(
    tables.map(async (table) => await clickhouse.query<Row>(countOf(table), { since: since.getTime() })),
  );
  return trafficOf(counts.flat());
}

const countOf = (table: string): string => {
  const [id, time] = table === 'traces' ? ['id', 'timestamp'] : ['trace_id', 'start_time'];
  // No column may have the alias: ClickHouse would take it for the column.
  return `SELECT project_id AS project, uniq(${id}) AS traces FROM ${table}
    WHERE ${time} >= fromUnixTimestamp64Milli({since:Int64}) AND is_deleted = 0 GROUP BY project_id`;
};

/** A trace of Langfuse 4 in dual mode is in both tables: the greater count is the truth. */
function trafficOf(rows: readonly Row[]): Traffic {
  const traffic = new Map<string, number>();
  for (const { project, traces } of rows)
    traffic.set(project, Math.max(Number(traces), traffic.get(project) ?? 0));
  return traffic;
}
