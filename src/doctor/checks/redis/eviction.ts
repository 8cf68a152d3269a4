import type { DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
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
    return evicts(policy, evictedKeys, outcomes['deployment/discovery']);
  },
});

function evicts(policy: string, evictedKeys: number, deployment: Outcome<DeploymentView>): Verdict {
  const client = (command: string): string => storeCommand(deployment, 'redis', `redis-cli ${command}`);
  const lost = evictedKeys > 0 ? `; ${evictedKeys} keys were evicted since it started` : '';
  return failing(
    `maxmemory-policy is ${policy}${lost}`,
    [
      {
        source: 'redis',
        again: client('config get maxmemory-policy'),
        observed: policy,
        expected: 'noeviction',
      },
    ],
    [
      manual('set it now', client('config set maxmemory-policy noeviction')),
      manual('and for the next start: --maxmemory-policy noeviction in its arguments or values'),
    ],
  );
}
