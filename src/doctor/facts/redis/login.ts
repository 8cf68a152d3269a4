import type { RedisPort } from '../../../ports/redis.ts';
import { defineFact } from '../../fact.ts';
import { tryLogin } from '../_login.ts';

/** A login with the deployment's own Redis credentials. */
export const redisLoginFact = defineFact({
  id: 'redis/login',
  needs: [],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context) =>
    await tryLogin(context, {
      title: 'Redis',
      url: context.settings.stores.redisUrl,
      byUrl: async () => await version(await context.ports.redis()),
      store: (deployment) => deployment.stores.redis,
      host: (target) => target.nodes[0]?.host ?? '',
      login: async (target) => {
        const client = await context.ports.openRedis(target, { ...context.access, signal: context.signal });
        try {
          return await version(client);
        } finally {
          await client.close();
        }
      },
    }),
});

async function version(client: RedisPort): Promise<string | null> {
  return (await client.info('server'))['redis_version'] ?? null;
}
