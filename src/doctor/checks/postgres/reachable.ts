import { defineCheck } from '../../check.ts';
import { judgeReach } from '../../reachability.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const postgresReachableCheck = defineCheck({
  id: 'postgres/reachable',
  area: 'postgres',
  title: 'Langfuse reaches Postgres',
  why: 'Judged from the deployment: a ready endpoint behind the Service, and no connection errors in the logs of web and worker. That lfctl itself cannot connect proves nothing.',
  severity: 'critical',
  uses: [],
  sees: ['deployment/discovery', 'kube/endpoints', 'kube/pods', 'kube/logs', 'postgres/login', 'worker/http'],
  explains: ['kube/pods', 'versions/consistent', 'litellm/keys', ...webSilent, ...workerSilent],
  evaluate: ({ outcomes, now }) =>
    judgeReach({
      part: 'postgres',
      title: 'Postgres',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.postgres,
      endpoints: outcomes['kube/endpoints'],
      pods: outcomes['kube/pods'],
      logs: outcomes['kube/logs'],
      login: outcomes['postgres/login'],
      patterns: ['postgres-unreachable'],
      workerHealth: outcomes['worker/http'],
      now,
    }),
});
