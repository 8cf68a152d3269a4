import { defineCheck } from '../../check.ts';
import { judgeCredentials } from '../../credentials.ts';
import { manual } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const postgresAuthCheck = defineCheck({
  id: 'postgres/auth',
  area: 'postgres',
  title: "Postgres accepts Langfuse's credentials",
  why: 'Web migrates Postgres before it serves: a refused login is a crash loop, P1000 in the log.',
  severity: 'critical',
  uses: ['postgres/login'],
  sees: ['deployment/discovery', 'kube/logs'],
  explains: ['kube/pods', 'litellm/keys', ...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes }) =>
    judgeCredentials({
      title: 'Postgres',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.postgres,
      login: facts['postgres/login'],
      logs: outcomes['kube/logs'],
      patterns: ['postgres-auth'],
      again: (store) =>
        `psql -h ${store.host ?? ''} -p ${store.port ?? 5432} -U ${store.user ?? ''} -d ${store.database ?? ''} -c 'select 1'`,
      fix: (store) => [
        manual(
          `make the password in DATABASE_URL and the one of role ${store.user ?? ''} the same: correct the Secret, or set the role's password`,
          `psql -c '\\password ${store.user ?? ''}'`,
        ),
      ],
      reachable: 'postgres/reachable',
    }),
});
