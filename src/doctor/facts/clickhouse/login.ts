import type { ClickHousePort } from '../../../ports/clickhouse.ts';
import { defineFact } from '../../fact.ts';
import { tryLogin } from '../_login.ts';

/** A login with CLICKHOUSE_USER and CLICKHOUSE_PASSWORD over CLICKHOUSE_URL. */
export const clickhouseLoginFact = defineFact({
  id: 'clickhouse/login',
  needs: [],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context) =>
    await tryLogin(context, {
      title: 'ClickHouse',
      url: context.settings.stores.clickhouseUrl,
      byUrl: async () => await version(await context.ports.clickhouse()),
      store: (deployment) => deployment.stores.clickhouse,
      host: (target) => new URL(target.url).hostname,
      login: async (target) => {
        const client = await context.ports.openClickHouse(target, {
          ...context.access,
          signal: context.signal,
        });
        try {
          return await version(client);
        } finally {
          await client.close();
        }
      },
    }),
});

async function version(client: ClickHousePort): Promise<string | null> {
  const [row] = await client.query<{ version: string }>('select version() as version');
  return row?.version ?? null;
}
