import type { Generation } from '../../deployment/model.ts';
import type { PostgresPort, PostgresStatement } from '../../ports/postgres.ts';
import { canaryPrefix } from '../canary-id.ts';
import { canaryName } from '../canary.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';

/** Rows by generation: 2 has all of them here, 3 the sessions alone, 4 only sessions that someone marked. */
export function postgresBroom(postgres: PostgresPort, generation: Generation): Broom {
  return {
    store: 'postgres',
    sweep: async (canaries) => {
      const tables = [...(generation === 2 ? traceTables : []), sessionTable];
      await postgres.change(tables.map((table) => statement('DELETE', table, canaries)));
      const counts = await Promise.all(
        tables.map(async (table) => {
          const { sql, parameters } = statement('SELECT count(*)::int AS found', table, canaries);
          return (await postgres.query<{ found: number }>(sql, parameters))[0]?.found ?? 0;
        }),
      );
      return counts.reduce((sum, each) => sum + each, 0);
    },
    find: async (projectId) => [
      ...(generation === 2 ? await findTraces(postgres, projectId) : []),
      ...(await findSessions(postgres, projectId)),
    ],
  };
}

interface Table {
  readonly name: string;
  readonly column: string;
  /** Whether its rows have the canary's name, which they must have then. */
  readonly isNamed: boolean;
  readonly ids: (canaries: readonly CanaryIds[]) => readonly string[];
}

const traceIds: Table['ids'] = (canaries) => canaries.map(({ traceId }) => traceId);

/** In this order: nothing refers to what goes first. */
const traceTables: readonly Table[] = [
  { name: 'scores', column: 'trace_id', isNamed: true, ids: traceIds },
  { name: 'observations', column: 'trace_id', isNamed: true, ids: traceIds },
  { name: 'traces', column: 'id', isNamed: true, ids: traceIds },
];

/** A session has no name; its id holds the sealed one. */
const sessionTable: Table = {
  name: 'trace_sessions',
  column: 'id',
  isNamed: false,
  ids: (canaries) => canaries.map(({ sessionId }) => sessionId),
};

function statement(
  verb: string,
  { name, column, isNamed, ids }: Table,
  canaries: readonly CanaryIds[],
): PostgresStatement {
  const parameters = [canaries[0]?.projectId ?? '', ids(canaries)];
  const sql = `${verb} FROM ${name} WHERE project_id = $1 AND ${column} = ANY($2)`;
  if (!isNamed) return { sql, parameters };
  const byProxy = canaries.filter((canary) => canary.byProxy === true);
  return {
    sql: `${sql} AND (name = $3 OR ${column} = ANY($4))`,
    parameters: [...parameters, canaryName, ids(byProxy)],
  };
}

/** Langfuse 2 has no environments: the name and the sealed id must do. */
async function findTraces(postgres: PostgresPort, projectId: string): Promise<string[]> {
  const rows = await postgres.query<{ id: string }>(
    'SELECT id FROM traces WHERE project_id = $1 AND starts_with(id, $2) AND name = $3 LIMIT 10000',
    [projectId, canaryPrefix, canaryName],
  );
  return rows.map(({ id }) => id);
}

/** Of all generations: rows that a worker writes beside the trace. */
async function findSessions(postgres: PostgresPort, projectId: string): Promise<string[]> {
  const rows = await postgres.query<{ id: string }>(
    'SELECT id FROM trace_sessions WHERE project_id = $1 AND starts_with(id, $2) LIMIT 10000',
    [projectId, `lfctl-${canaryPrefix}`],
  );
  return rows.map(({ id }) => id.slice('lfctl-'.length));
}
