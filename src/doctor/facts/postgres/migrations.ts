import { defineFact } from '../../fact.ts';

export interface PostgresMigrationsView {
  /** Newest applied migration; null when the table is empty or absent. */
  readonly newest: string | null;
  readonly applied: number;
  /** Started, neither finished nor rolled back: Prisma refuses to go on (P3009). */
  readonly failed: readonly { readonly name: string; readonly startedAt: string; readonly log: string }[];
  /** False when the database has no _prisma_migrations: another database, or Langfuse never started. */
  readonly tableExists: boolean;
}

/** State of Prisma's own table, https://www.prisma.io/docs/orm/prisma-migrate/workflows/patching-and-hotfixing */
export const postgresMigrationsFact = defineFact({
  id: 'postgres/migrations',
  needs: ['postgres'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<PostgresMigrationsView> => {
    const postgres = await context.ports.postgres();
    const [table] = await postgres.query<{ found: string | null }>(
      "select to_regclass('_prisma_migrations')::text as found",
    );
    if (table?.found == null) return { newest: null, applied: 0, failed: [], tableExists: false };
    const [summary] = await postgres.query<{ newest: string | null; applied: number }>(
      'select max(migration_name) as newest, count(*)::int as applied from _prisma_migrations where finished_at is not null',
    );
    const failed = await postgres.query<{ name: string; started: string; log: string }>(
      `select migration_name as name, to_char(started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started,
              coalesce(left(logs, 300), '') as log
         from _prisma_migrations where finished_at is null and rolled_back_at is null order by started_at limit 5`,
    );
    return {
      newest: summary?.newest ?? null,
      applied: summary?.applied ?? 0,
      failed: failed.map(({ name, started, log }) => ({ name, startedAt: started, log })),
      tableExists: true,
    };
  },
});
