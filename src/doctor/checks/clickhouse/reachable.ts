import { defineCheck } from '../../check.ts';
import { judgeReach } from '../../reachability.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const clickhouseReachableCheck = defineCheck({
  id: 'clickhouse/reachable',
  area: 'clickhouse',
  title: 'Langfuse reaches ClickHouse',
  why: 'Judged from the deployment: a ready endpoint behind the Service, and no connection errors in the logs of web and worker. That lfctl itself cannot connect proves nothing.',
  severity: 'critical',
  uses: [],
  sees: ['deployment/discovery', 'kube/endpoints', 'kube/pods', 'kube/logs', 'clickhouse/login'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ outcomes, now }) =>
    judgeReach({
      part: 'clickhouse',
      title: 'ClickHouse',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.clickhouse,
      endpoints: outcomes['kube/endpoints'],
      pods: outcomes['kube/pods'],
      logs: outcomes['kube/logs'],
      login: outcomes['clickhouse/login'],
      patterns: ['clickhouse-unreachable'],
      now,
    }),
});
