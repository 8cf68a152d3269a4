import { defineFact } from '../../fact.ts';

export interface RedisMemoryView {
  readonly policy: string;
  readonly usedBytes: number;
  /** 0 means no limit. */
  readonly limitBytes: number;
  readonly evictedKeys: number;
  readonly version: string | null;
}

/** Memory and eviction from INFO, which managed services allow where CONFIG is refused. */
export const redisMemoryFact = defineFact({
  id: 'redis/memory',
  needs: ['redis'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<RedisMemoryView> => {
    const info = await (await context.ports.redis()).info();
    return {
      policy: info['maxmemory_policy'] ?? 'unknown',
      usedBytes: Number(info['used_memory'] ?? 0),
      limitBytes: Number(info['maxmemory'] ?? 0),
      evictedKeys: Number(info['evicted_keys'] ?? 0),
      version: info['redis_version'] ?? null,
    };
  },
});
