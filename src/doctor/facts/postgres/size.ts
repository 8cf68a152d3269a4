import { defineFact } from '../../fact.ts';

/** Bytes of the database on disk, with indexes and free space inside its files. */
export const postgresSizeFact = defineFact({
  id: 'postgres/size',
  needs: ['postgres'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<{ readonly sizeBytes: number }> => {
    const postgres = await context.ports.postgres();
    const [row] = await postgres.query<{ bytes: string | number }>(
      'select pg_database_size(current_database()) as bytes',
    );
    return { sizeBytes: Number(row?.bytes ?? 0) };
  },
});
