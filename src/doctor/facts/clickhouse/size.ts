import { defineFact } from '../../fact.ts';

/** Bytes of active parts in Langfuse's database. */
export const clickhouseSizeFact = defineFact({
  id: 'clickhouse/size',
  needs: ['clickhouse'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<{ readonly sizeBytes: number }> => {
    const clickhouse = await context.ports.clickhouse();
    const [row] = await clickhouse.query<{ bytes: string | number }>(
      'select sum(bytes_on_disk) as bytes from system.parts where active and database = currentDatabase()',
    );
    return { sizeBytes: Number(row?.bytes ?? 0) };
  },
});
