import { defineFact } from '../../fact.ts';

export interface ClickHouseMigrationsView {
  /** Newest row of schema_migrations by sequence; null when there is none. */
  readonly version: number | null;
  readonly dirty: boolean;
  readonly tableExists: boolean;
}

/** golang-migrate's append log: the newest row tells the state (langfuse/langfuse packages/shared/clickhouse). */
export const clickhouseMigrationsFact = defineFact({
  id: 'clickhouse/migrations',
  needs: ['clickhouse'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<ClickHouseMigrationsView> => {
    const clickhouse = await context.ports.clickhouse();
    const [table] = await clickhouse.query<{ result: string | number }>('exists table schema_migrations');
    if (Number(table?.result ?? 0) !== 1) return { version: null, dirty: false, tableExists: false };
    const [row] = await clickhouse.query<{ version: string | number; dirty: string | number }>(
      'select version, dirty from schema_migrations order by sequence desc limit 1',
    );
    return {
      version: row === undefined ? null : Number(row.version),
      dirty: Number(row?.dirty ?? 0) === 1,
      tableExists: true,
    };
  },
});
