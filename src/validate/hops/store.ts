import type { ClickHousePort } from '../../ports/clickhouse.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Canary } from '../canary.ts';
import type { Hop, Look } from '../hop.ts';
import type { Era } from '../session.ts';
import { writesEvents } from '../session.ts';
import type { Station } from '../station.ts';

interface Counts {
  readonly traces: number;
  readonly observations: number;
  readonly scores: number;
}

/** Counts a canary's rows. */
export type RowCounter = (canary: Canary) => Promise<Counts>;

/** All three kinds of rows are there. */
export function storeHop(station: Station<RowCounter>, canary: Canary): Hop {
  return {
    name: 'store',
    look: async (): Promise<Look> => {
      if (station.state !== 'open') return station;
      const counts = await station.port(canary);
      const missing = Object.entries(counts).filter(([, count]) => count === 0);
      if (missing.length === 0) return { state: 'seen', detail: countsText(counts) };
      return { state: 'waiting', detail: `no row yet in ${missing.map(([name]) => name).join(', ')}` };
    },
  };
}

const countsText = ({ traces, observations, scores }: Counts): string =>
  `${traces} trace, ${observations} observations, ${scores} score`;

/** Langfuse 2 keeps all in Postgres. */
export function postgresRows(postgres: PostgresPort): RowCounter {
  return async ({ projectId, traceId }) => {
    const count = (table: string, column: string): string =>
      `(SELECT count(*)::int FROM ${table} WHERE project_id = $1 AND ${column} = $2)`;
    const rows = await postgres.query<Counts>(
      `SELECT ${count('traces', 'id')} AS traces, ${count('observations', 'trace_id')} AS observations,
         ${count('scores', 'trace_id')} AS scores`,
      [projectId, traceId],
    );
    return rows[0] ?? nothing;
  };
}

const nothing: Counts = { traces: 0, observations: 0, scores: 0 };

/** Langfuse 3 has a table for each kind; 4 keeps spans in the events tables, where its mode says so. */
export function clickhouseRows(clickhouse: ClickHousePort, era: Era): RowCounter {
  const count = (table: string, column: string): string =>
    `(SELECT uniqExact(${table === 'events_core' ? 'span_id' : 'id'}) FROM ${table}
      WHERE project_id = {project:String} AND ${column} = {trace:String} AND is_deleted = 0)`;
  const old = {
    traces: count('traces', 'id'),
    observations: count('observations', 'trace_id'),
  };
  const spans = count('events_core', 'trace_id');
  const wide = { traces: `least(1, ${spans})`, observations: spans };
  const { traces, observations } = writesEvents(era) ? wide : old;
  const sql = `SELECT ${traces} AS traces, ${observations} AS observations, ${count('scores', 'trace_id')} AS scores`;
  return async ({ projectId, traceId }) => {
    const rows = await clickhouse.query<Record<keyof Counts, string | number>>(sql, {
      project: projectId,
      trace: traceId,
    });
    const row = rows[0];
    if (row === undefined) return nothing;
    // 64-bit integers come as text.
    return {
      traces: Number(row.traces),
      observations: Number(row.observations),
      scores: Number(row.scores),
    };
  };
}
