import type { Generation } from '../../deployment/model.ts';
import { LfctlError } from '../../errors/error.ts';
import type { ClickHousePort } from '../../ports/clickhouse.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import { canaryPrefix, canaryTime } from '../canary-id.ts';
import type { CanaryIds } from '../canary.ts';
import { canaryIds } from '../canary.ts';
import type { Stations } from '../stations.ts';
import type { LeftCanaries } from './clean.ts';

/** A span of a trace that a proxy named, and the user of the call that made it. */
interface Row {
  readonly trace: string;
  readonly span: string;
  readonly user: string;
  /** Seconds of unix time at which it began. */
  readonly at: string | number;
}

/** What users of such calls are called, before the sealed id. */
const userPrefix = 'lfctl-';

/** Traces of calls through LiteLLM, which gives them ids of its own: known by their users, which carry a sealed id. */
export async function proxiedCanaries(
  stations: Pick<Stations, 'postgres' | 'clickhouse'>,
  generation: Generation,
  projectId: string,
): Promise<Pick<LeftCanaries, 'canaries' | 'unknown'>> {
  try {
    const rows = await spansIn(stations, generation, projectId);
    return { canaries: rows.flatMap((row) => spanOf(projectId, row) ?? []), unknown: {} };
  } catch (error) {
    if (error instanceof LfctlError) return { canaries: [], unknown: { litellm: error.message } };
    throw error;
  }
}

async function spansIn(
  { postgres, clickhouse }: Pick<Stations, 'postgres' | 'clickhouse'>,
  generation: Generation,
  projectId: string,
): Promise<Row[]> {
  if (generation === 2) return postgres.state === 'open' ? await postgresSpans(postgres.port, projectId) : [];
  return clickhouse.state === 'open' ? await clickhouseSpans(clickhouse.port, projectId) : [];
}

/** Null for what carries no seal of this project. */
function spanOf(projectId: string, row: Row): CanaryIds | null {
  const second = canaryTime(projectId, row.user.slice(userPrefix.length));
  return second === null
    ? null
    : proxiedSpan({ projectId, traceId: row.trace }, row.span, second, startOf(row));
}

const startOf = ({ at }: Row): Date => new Date(Number(at) * 1000);

/** One span of such a trace, as brooms take it. */
export const proxiedSpan = (
  { projectId, traceId }: Pick<CanaryIds, 'projectId' | 'traceId'>,
  spanId: string,
  second: Date,
  at: Date,
): CanaryIds => ({ ...canaryIds(projectId, traceId, second, at), generationId: spanId, byProxy: true });

/** LiteLLM gives a trace its id; the user of the call is what it is known by. */
export const proxyUser = ({ traceId }: Pick<CanaryIds, 'traceId'>): string => `${userPrefix}${traceId}`;

const limit = 'LIMIT 10000';

async function clickhouseSpans(clickhouse: ClickHousePort, projectId: string): Promise<Row[]> {
  const tables = await clickhouse.query<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  const there = new Set(tables.map(({ name }) => name));
  const parameters = { project: projectId, prefix: `${userPrefix}${canaryPrefix}` };
  const mine = 'project_id = {project:String} AND startsWith(user_id, {prefix:String})';
  const asked = [
    ...(there.has('traces')
      ? [
          `SELECT o.trace_id AS trace, o.id AS span, t.owner AS user, toUnixTimestamp(o.start_time) AS at
           FROM observations o INNER JOIN (SELECT id, any(user_id) AS owner FROM traces WHERE ${mine} GROUP BY id) t
             ON o.trace_id = t.id WHERE o.project_id = {project:String} ${limit}`,
        ]
      : []),
    ...(there.has('events_core')
      ? [
          `SELECT trace_id AS trace, span_id AS span, user_id AS user, toUnixTimestamp(start_time) AS at
           FROM events_core WHERE ${mine} ${limit}`,
        ]
      : []),
  ];
  return (await Promise.all(asked.map(async (sql) => await clickhouse.query<Row>(sql, parameters)))).flat();
}

async function postgresSpans(postgres: PostgresPort, projectId: string): Promise<Row[]> {
  return await postgres.query<Row>(
    `SELECT o.trace_id AS trace, o.id AS span, t.user_id AS "user", extract(epoch FROM o.start_time) AS at
     FROM traces t JOIN observations o ON o.trace_id = t.id AND o.project_id = t.project_id
     WHERE t.project_id = $1 AND starts_with(t.user_id, $2) ${limit}`,
    [projectId, `${userPrefix}${canaryPrefix}`],
  );
}
