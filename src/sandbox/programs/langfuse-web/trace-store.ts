import { selectWithRetries, type ClickHouseParameters } from '../langfuse/clickhouse.ts';
import type { StoredRow } from './shapes.ts';
import type { Web } from './web.ts';

type Table = 'traces' | 'observations' | 'scores';

/** Rows of a table in their newest version. */
export async function storedRows(
  web: Web,
  table: Table,
  where: string,
  parameters: ClickHouseParameters,
  rest = '',
): Promise<StoredRow[]> {
  const sql = `SELECT * FROM ${table} FINAL WHERE ${where} ${rest}`;
  return await selectWithRetries<StoredRow>(web.clickhouse, web.log, sql, parameters);
}

/** One row of the project by its id, or undefined when it is not there or deleted. */
export async function storedRow(
  web: Web,
  table: Table,
  projectId: string,
  id: string,
): Promise<StoredRow | undefined> {
  const where = 'project_id = {projectId: String} AND id = {id: String} AND is_deleted = 0';
  const [row] = await storedRows(web, table, where, { projectId, id });
  return row;
}

/** How many rows of a table there are in their newest version. */
export async function countRows(
  web: Web,
  table: Table,
  where: string,
  parameters: ClickHouseParameters,
): Promise<number> {
  const sql = `SELECT count() AS n FROM ${table} FINAL WHERE ${where}`;
  const [row] = await selectWithRetries<{ n: number }>(web.clickhouse, web.log, sql, parameters);
  return row?.n ?? 0;
}

/** Rows of a table that belong to the traces. */
export async function rowsOfTraces(
  web: Web,
  table: 'observations' | 'scores',
  projectId: string,
  traceIds: readonly string[],
): Promise<StoredRow[]> {
  if (traceIds.length === 0) return [];
  const where =
    'project_id = {projectId: String} AND is_deleted = 0 AND trace_id IN {traceIds: Array(String)}';
  return await storedRows(web, table, where, { projectId, traceIds });
}
