import { defineCheck } from '../../check.ts';
import { failing, manual, storeCommand } from '../../wording.ts';

export const redisEvictionCheck = defineCheck({
  id: 'redis/eviction',
  area: 'redis',
  title: 'Redis never evicts jobs',
  why: 'With any policy but noeviction a full Redis drops queue entries without a word: traces are accepted with 207 and never arrive.',
  severity: 'error',
  uses: ['redis/memory'],
  sees: ['deployment/discovery'],
  appliesTo: { generations: [3, 4] },
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const { policy, evictedKeys } = facts['redis/memory'];
    if (policy === 'noeviction') return { status: 'ok' };
    if (policy === 'unknown') return { status: 'unknown', reason: 'INFO does not tell maxmemory_policy' };
    const lost = evictedKeys > 0 ? `; ${evictedKeys} keys were evicted since it started` : '';
    return failing(
      `maxmemory-policy is ${policy}${lost}`,
      [
        {
          source: 'redis',
          again: storeCommand(
            outcomes['deployment/discovery'],
            'redis',
            'redis-cli config get maxmemory-policy',
          ),
          observed: policy,
          expected: 'noeviction',
        },
      ],
      [
        manual(
          'set it now',
          storeCommand(
            outcomes['deployment/discovery'],
            'redis',
            'redis-cli config set maxmemory-policy noeviction',
          ),
        ),
        manual('and for the next start: --maxmemory-policy noeviction in its arguments or values'),
      ],
    );
  },
});
