import { defineFault } from '../fault.ts';
import { everywhere } from './_steps.ts';

export const redisEvictsFault = defineFault({
  name: 'redis-evicts',
  area: 'Redis',
  summary: 'Redis may evict keys: jobs vanish without a word when it is full',
  firstVerdict: 'redis/eviction',
  expects: 'findings',
  ...everywhere,
  break: async ({ redis }) => {
    await redis('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  },
  mend: async ({ redis }) => {
    await redis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  },
});
