import type { ClickHousePort } from '../../ports/clickhouse.ts';
import { canaryPrefix } from '../canary-id.ts';
import { canaryEnvironment, canaryName } from '../canary.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';

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

/** Rows go by trace, log rows of raw files by the entity they name. */
export function clickhouseBroom(clickhouse: ClickHousePort): Broom {
  return {
    store: 'clickhouse',
    sweep: async (canaries) => {
      const there = await existing(clickhouse);
      const parameters = parametersOf(canaries);
      const conditions = conditionsFor(there);
      for (const [table, where] of conditions)
        if ((await count(clickhouse, table, where, parameters)) > 0)
          await clickhouse.change(`DELETE FROM ${table} WHERE ${where}`, parameters);
      const left = await Promise.all(
        conditions.map(async ([table, where]) => await count(clickhouse, table, where, parameters)),
      );
      return left.reduce((sum, each) => sum + each, 0);
    },
    find: async (projectId) => await findTraces(clickhouse, projectId),
  };
}

async function existing(clickhouse: ClickHousePort): Promise<ReadonlySet<string>> {
  const rows = await clickhouse.query<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  return new Set(rows.map(({ name }) => name));
}

function parametersOf(canaries: readonly CanaryIds[]): Readonly<Record<string, unknown>> {
  return {
    project: canaries[0]?.projectId ?? '',
    traces: canaries.map(({ traceId }) => traceId),
    entities: canaries.flatMap(({ traceId, generationId, scoreId }) => [traceId, generationId, scoreId]),
  };
}

function conditionsFor(there: ReadonlySet<string>): (readonly [table: string, where: string])[] {
  const rows = tables
    .filter(({ name }) => there.has(name))
    .map(({ name, trace }): [string, string] => [
      name,
      `project_id = {project:String} AND ${trace} IN {traces:Array(String)}`,
    ]);
  if (!there.has('blob_storage_file_log')) return rows;
  return [
    ...rows,
    [
      'blob_storage_file_log',
      // The ids of many generations of one trace begin with it: validate --during.
      'project_id = {project:String} AND (entity_id IN {entities:Array(String)} OR substring(entity_id, 1, 32) IN {traces:Array(String)})',
    ],
  ];
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

/** By prefix, name and environment; the seal of each id is checked by the caller. */
async function findTraces(clickhouse: ClickHousePort, projectId: string): Promise<string[]> {
  const there = await existing(clickhouse);
  const parameters = {
    project: projectId,
    prefix: canaryPrefix,
    name: canaryName,
    environment: canaryEnvironment,
  };
  const select = (table: string, id: string, name: string): string =>
    `SELECT DISTINCT ${id} AS id FROM ${table} WHERE project_id = {project:String} AND startsWith(${id}, {prefix:String})
     AND ${name} = {name:String} AND environment = {environment:String} LIMIT 10000`;
  const asked = [
    ...(there.has('traces') ? [select('traces', 'id', 'name')] : []),
    // A trace of validate --during may have been refused while its generations were not.
    ...(there.has('observations') ? [select('observations', 'trace_id', 'name')] : []),
    ...(there.has('events_core') ? [select('events_core', 'trace_id', 'trace_name')] : []),
    ...(there.has('scores') ? [select('scores', 'trace_id', 'name')] : []),
  ];
  const found = await Promise.all(
    asked.map(async (sql) => await clickhouse.query<{ id: string }>(sql, parameters)),
  );
  return [...new Set(found.flat().map(({ id }) => id))];
}
