import { defineCheck } from '../../check.ts';
import { judgeCredentials } from '../../credentials.ts';
import { manual } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const redisAuthCheck = defineCheck({
  id: 'redis/auth',
  area: 'redis',
  title: "Redis accepts Langfuse's credentials",
  why: 'Without Redis each call that carries a key hangs, while /api/public/health and /ready answer 200 at once (seen on 3.199.0 and 4.16.0).',
  severity: 'critical',
  uses: ['redis/login'],
  sees: ['deployment/discovery', 'kube/logs'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes }) =>
    judgeCredentials({
      title: 'Redis',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.redis,
      login: facts['redis/login'],
      logs: outcomes['kube/logs'],
      patterns: ['redis-auth'],
      again: (store) => `redis-cli -h ${store.host ?? ''} -p ${store.port ?? 6379} --askpass ping`,
      fix: () => [
        manual(
          'make REDIS_AUTH (or REDIS_CONNECTION_STRING) and the requirepass of the server the same, then restart web and worker',
        ),
      ],
      reachable: 'redis/reachable',
    }),
});
