import type { ClickHousePort } from '../../ports/clickhouse.ts';
import { canaryPrefix } from '../canary-id.ts';
import { canaryEnvironment, canaryName } from '../canary.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom, Found } from './broom.ts';

interface Table {
  readonly name: string;
  /** Column with the trace's id. */
  readonly trace: string;
}

/** Tables that hold rows of traces, over all versions; only those that are there are swept. */
const tables: readonly Table[] = [
  { name: 'traces', trace: 'id' },
  { name: 'observations', trace: 'trace_id' },
  { name: 'scores', trace: 'trace_id' },
  { name: 'events_full', trace: 'trace_id' },
  { name: 'events_core', trace: 'trace_id' },
  { name: 'observations_batch_staging', trace: 'trace_id' },
];

/** Rows go by trace, name and environment, log rows of raw files by the entity they name. */
export function clickhouseBroom(clickhouse: ClickHousePort): Broom {
  return {
    store: 'clickhouse',
    sweep: async (canaries) => {
      const there = await columnsOf(clickhouse);
      const parameters = parametersOf(canaries);
      const deletions = deletionsFor(there);
      for (const { table, where, change } of deletions)
        if ((await count(clickhouse, table, where, parameters)) > 0)
          await clickhouse.change(change ?? `DELETE FROM ${table} WHERE ${where}`, parameters);
      const left = await Promise.all(
        deletions.map(async ({ table, where }) => await count(clickhouse, table, where, parameters)),
      );
      return left.reduce((sum, each) => sum + each, 0);
    },
    find: async (projectId) => await findTraces(clickhouse, projectId),
  };
}

/** Columns by table. */
type Columns = ReadonlyMap<string, ReadonlySet<string>>;

async function columnsOf(clickhouse: ClickHousePort): Promise<Columns> {
  const rows = await clickhouse.query<{ table: string; name: string }>(
    'SELECT table, name FROM system.columns WHERE database = currentDatabase()',
  );
  const columns = new Map<string, Set<string>>();
  for (const { table, name } of rows) columns.set(table, (columns.get(table) ?? new Set()).add(name));
  return columns;
}

function parametersOf(canaries: readonly CanaryIds[]): Readonly<Record<string, unknown>> {
  const named = canaries.filter(({ byProxy }) => byProxy !== true);
  const byProxy = canaries.filter((canary) => canary.byProxy === true);
  return {
    project: canaries[0]?.projectId ?? '',
    traces: named.map(({ traceId }) => traceId),
    others: byProxy.map(({ traceId }) => traceId),
    entities: canaries.flatMap(({ traceId, generationId, scoreId }) => [traceId, generationId, scoreId]),
    name: canaryName,
    environment: canaryEnvironment,
  };
}

/** Rows that go, and how, where a plain DELETE would take more. */
interface Deletion {
  readonly table: string;
  readonly where: string;
  readonly change?: string;
}

const ofProject = 'project_id = {project:String}';

function deletionsFor(there: Columns): Deletion[] {
  const rows = tables.flatMap(({ name: table, trace }): Deletion[] => {
    const columns = there.get(table);
    if (columns === undefined) return [];
    // Before 3.29 there are no environments.
    const environment = columns.has('environment') ? ' AND environment = {environment:String}' : '';
    const marked = `(${trace} IN {traces:Array(String)} AND name = {name:String}${environment})`;
    return [{ table, where: `${ofProject} AND (${marked} OR ${trace} IN {others:Array(String)})` }];
  });
  return [...rows, ...logRows(there), ...environmentRows(there)];
}

function logRows(there: Columns): Deletion[] {
  const table = 'blob_storage_file_log';
  // The ids of many generations of one trace begin with it: validate --during.
  const where = `${ofProject} AND (entity_id IN {entities:Array(String)} OR substring(entity_id, 1, 32) IN {traces:Array(String)})`;
  return there.has(table) ? [{ table, where }] : [];
}

/** From 3.38 to 3.114 views note each project's environments, for the menu of the UI. */
function environmentRows(there: Columns): Deletion[] {
  const table = 'project_environments';
  if (there.get(table)?.has('environments') !== true) return [];
  const where = `${ofProject} AND has(environments, {environment:String})`;
  const without = 'arrayFilter(one -> one != {environment:String}, environments)';
  return [{ table, where, change: `ALTER TABLE ${table} UPDATE environments = ${without} WHERE ${where}` }];
}

async function count(
  clickhouse: ClickHousePort,
  table: string,
  where: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<number> {
  const rows = await clickhouse.query<{ found: string | number }>(
    `SELECT count() AS found FROM ${table} WHERE ${where}`,
    parameters,
  );
  return Number(rows[0]?.found ?? 0);
}

interface FoundRow {
  readonly id: string;
  readonly sent: string;
  readonly file: string;
}

/** By prefix, name and environment; the seal of each id is checked by the caller. */
async function findTraces(clickhouse: ClickHousePort, projectId: string): Promise<Found[]> {
  const there = await columnsOf(clickhouse);
  const parameters = {
    project: projectId,
    prefix: canaryPrefix,
    name: canaryName,
    environment: canaryEnvironment,
  };
  const asked = finding
    .filter(({ table }) => there.has(table))
    .map((one) => select(one, there.get(one.table)));
  const found = await Promise.all(
    asked.map(async (sql) => await clickhouse.query<FoundRow>(sql, parameters)),
  );
  return found.flat().map(({ id, sent, file }) => ({
    traceId: id,
    sentAt: new Date(sent),
    ...(file === '' ? {} : { files: [file] }),
  }));
}

interface Finding {
  readonly table: string;
  readonly trace: string;
  readonly name: string;
  readonly time: string;
}

const finding: readonly Finding[] = [
  { table: 'traces', trace: 'id', name: 'name', time: 'timestamp' },
  // A trace of validate --during may have been refused while its generations were not.
  { table: 'observations', trace: 'trace_id', name: 'name', time: 'start_time' },
  { table: 'events_core', trace: 'trace_id', name: 'trace_name', time: 'start_time' },
  { table: 'scores', trace: 'trace_id', name: 'name', time: 'created_at' },
];

function select({ table, trace, name, time }: Finding, columns: ReadonlySet<string> | undefined): string {
  const file = columns?.has('blob_storage_file_path') === true ? 'blob_storage_file_path' : "''";
  const environment = columns?.has('environment') === true ? ' AND environment = {environment:String}' : '';
  return `SELECT DISTINCT ${trace} AS id, formatDateTime(${time}, '%FT%TZ', 'UTC') AS sent, ${file} AS file FROM ${table}
    WHERE ${ofProject} AND startsWith(${trace}, {prefix:String}) AND ${name} = {name:String}${environment} LIMIT 10000`;
}
