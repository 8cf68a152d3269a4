import { defineFact } from '../../fact.ts';

export interface MediaUseView {
  /** Media that clients registered in the last 30 days, counted up to 1000. */
  readonly registered: number;
  /** Those whose upload nobody has reported: the client could not follow the link, or stopped. */
  readonly unfinished: number;
  /** RFC 3339 of the newest; null where there is none. */
  readonly lastAt: string | null;
}

/** Whether media are in use (langfuse/langfuse packages/shared/prisma/schema.prisma, model Media). */
export const postgresMediaFact = defineFact({
  id: 'postgres/media',
  needs: ['postgres'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<MediaUseView> => {
    const postgres = await context.ports.postgres();
    const [row] = await postgres.query<{ registered: number; unfinished: number; last: Date | null }>(
      `select count(*)::int as registered, count(*) filter (where upload_http_status is null)::int as unfinished,
              max(created_at) as last
         from (select upload_http_status, created_at from media
                where created_at > now() - interval '30 days' limit 1000) recent`,
    );
    return {
      registered: row?.registered ?? 0,
      unfinished: row?.unfinished ?? 0,
      lastAt: row?.last?.toISOString() ?? null,
    };
  },
});
