import { fastHash } from '../../deployment/key-hash.ts';
import type { Secret } from '../../deployment/secret.ts';
import { cacheName, clearCache } from '../../keys/cache.ts';
import type { KeyStores } from '../negative/temporary-key.ts';
import type { Broom } from './broom.ts';

/**
 * Langfuse keeps for some minutes that a key is unknown: entries for pairs that were made up (apiAuth.ts of
 * langfuse/langfuse). Null where they cannot be named, for want of SALT; they end by themselves.
 */
export function cacheBroom(stores: KeyStores, secrets: readonly Secret[]): Broom | null {
  const { salt, cache } = stores;
  if (salt === null || cache.state !== 'open') return null;
  const { port } = cache;
  const hashes = secrets.map((secret) => fastHash(secret.reveal(), salt.reveal()));
  return {
    store: 'cache',
    sweep: async () => {
      await clearCache(stores, hashes);
      // One by one: in a cluster each is on a node of its own.
      const left = await Promise.all(
        hashes.map(async (hash) => await port.redis.call('EXISTS', cacheName(port, hash))),
      );
      return left.filter((found) => found === 1).length;
    },
  };
}
