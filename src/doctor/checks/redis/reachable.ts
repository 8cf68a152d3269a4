import { defineCheck } from '../../check.ts';
import { judgeReach } from '../../reachability.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const redisReachableCheck = defineCheck({
  id: 'redis/reachable',
  area: 'redis',
  title: 'Langfuse reaches Redis',
  why: 'Judged from the deployment: a ready endpoint behind the Service, and no connection errors in the logs of web and worker. That lfctl itself cannot connect proves nothing.',
  severity: 'critical',
  uses: [],
  sees: ['deployment/discovery', 'kube/endpoints', 'kube/pods', 'kube/logs', 'redis/login', 'worker/http'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ outcomes, now }) =>
    judgeReach({
      part: 'redis',
      title: 'Redis',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.redis,
      endpoints: outcomes['kube/endpoints'],
      pods: outcomes['kube/pods'],
      logs: outcomes['kube/logs'],
      login: outcomes['redis/login'],
      patterns: ['redis-unreachable'],
      workerHealth: outcomes['worker/http'],
      now,
    }),
});
