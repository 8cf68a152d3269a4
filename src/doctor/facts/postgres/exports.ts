import { defineFact } from '../../fact.ts';

export interface ExportUseView {
  /** Exports that users asked for in the last 30 days, counted up to 1000. */
  readonly made: number;
  /** Hosts that their links lead to, without port. */
  readonly hosts: readonly string[];
  /** RFC 3339 of the newest; null where there is none. */
  readonly lastAt: string | null;
}

/** Where the links of batch exports lead. The links themselves let anybody in, so only their hosts are read. */
export const postgresExportsFact = defineFact({
  id: 'postgres/exports',
  needs: ['postgres'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<ExportUseView> => {
    const postgres = await context.ports.postgres();
    const [row] = await postgres.query<{ made: number; hosts: string[] | null; last: Date | null }>(
      `select count(*)::int as made, max(created_at) as last,
              array_agg(distinct host) filter (where host is not null) as hosts
         from (select substring(url from '^https?://([^/:?]+)') as host, created_at from batch_exports
                where created_at > now() - interval '30 days' limit 1000) recent`,
    );
    return { made: row?.made ?? 0, hosts: row?.hosts ?? [], lastAt: row?.last?.toISOString() ?? null };
  },
});
