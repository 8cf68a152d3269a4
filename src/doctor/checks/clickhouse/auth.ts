import { defineCheck } from '../../check.ts';
import { judgeCredentials } from '../../credentials.ts';
import { manual } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const clickhouseAuthCheck = defineCheck({
  id: 'clickhouse/auth',
  area: 'clickhouse',
  title: "ClickHouse accepts Langfuse's credentials",
  why: 'Web migrates ClickHouse at its start: with a wrong password it crashes there. The worker starts and looks healthy; its jobs fail, and on Langfuse 4 rows are dropped after three attempts.',
  severity: 'critical',
  uses: ['clickhouse/login'],
  sees: ['deployment/discovery', 'kube/logs'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes }) =>
    judgeCredentials({
      title: 'ClickHouse',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.clickhouse,
      login: facts['clickhouse/login'],
      logs: outcomes['kube/logs'],
      patterns: ['clickhouse-auth'],
      again: (store) =>
        `clickhouse-client --host ${store.host ?? ''} --user ${store.user ?? ''} --ask-password --query 'select 1'`,
      fix: () => [
        manual(
          'make CLICKHOUSE_PASSWORD and the password of the ClickHouse user the same; use letters and digits only: the migration puts it into a URL as it stands',
        ),
      ],
      reachable: 'clickhouse/reachable',
    }),
});
