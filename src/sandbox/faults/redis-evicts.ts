import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';

export const redisEvictsFault = defineFault({
  name: 'redis-evicts',
  area: 'Redis',
  summary: 'Redis may evict keys: jobs vanish without a word when it is full',
  firstVerdict: 'redis/eviction',
  expects: 'findings',
  ...sinceThree,
  break: async ({ redis }) => {
    await redis('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  },
  mend: async ({ redis }) => {
    await redis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  },
});
