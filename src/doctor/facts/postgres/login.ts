import type { PostgresPort } from '../../../ports/postgres.ts';
import { defineFact } from '../../fact.ts';
import { tryLogin } from '../_login.ts';

/** A login with DATABASE_URL's own credentials. */
export const postgresLoginFact = defineFact({
  id: 'postgres/login',
  needs: [],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context) =>
    await tryLogin(context, {
      title: 'Postgres',
      url: context.settings.stores.databaseUrl,
      byUrl: async () => await version(await context.ports.postgres()),
      store: (deployment) => deployment.stores.postgres,
      host: (target) => target.host,
      login: async (target) => {
        const session = await context.ports.openPostgres(target, {
          ...context.access,
          signal: context.signal,
        });
        try {
          return await version(session);
        } finally {
          await session.close();
        }
      },
    }),
});

async function version(session: PostgresPort): Promise<string | null> {
  const [row] = await session.query<{ server_version: string }>('show server_version');
  return row?.server_version ?? null;
}
