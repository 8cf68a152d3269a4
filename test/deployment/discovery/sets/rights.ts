import type { ObjectSet } from './_set.ts';
import { changed, home, plain, set } from './_set.ts';
import { official, runbook } from '../../installations.ts';
import { fromLayout } from './_live.ts';

const pair = 'langfuse';
const everything = [
  'list deployments',
  'list statefulsets',
  'list daemonsets',
  'list rollouts',
  'list pods',
  'get secrets',
];

/** What is left when rights lack. */
export async function rightsSets(): Promise<readonly ObjectSet[]> {
  const live = await fromLayout('runbook', 3);
  return [
    { name: 'rights-no-secrets-envfrom', cluster: { ...runbook(), forbidden: ['get secrets'] } },
    {
      name: 'rights-no-secrets-official-chart',
      cluster: { objects: official(pair, home), forbidden: ['get secrets'], namespace: home },
    },
    {
      name: 'rights-no-secrets-but-names-plain',
      cluster: {
        objects: plain({
          own: {
            DATABASE_HOST: 'langfuse-postgresql',
            DATABASE_NAME: 'langfuse',
            DATABASE_USERNAME: 'langfuse',
            DATABASE_PASSWORD: { secret: 'pg', key: 'password' },
          },
        }),
        forbidden: ['get secrets'],
        namespace: home,
      },
    },
    {
      name: 'rights-one-namespace-only',
      cluster: {
        ...runbook(),
        namespace: 'hyperplane-langfuse',
        forbidden: [
          'list deployments in all namespaces',
          'get services in hyperplane-minio',
          'get namespaces',
        ],
      },
    },
    {
      name: 'rights-no-services-no-routes',
      cluster: {
        ...runbook(),
        namespace: 'hyperplane-langfuse',
        forbidden: [
          'get services',
          'list services',
          'list ingresses',
          'list virtualservices',
          'list httproutes',
        ],
      },
    },
    {
      name: 'rights-no-configmaps',
      cluster: { ...(await fromLayout('plain', 3)), forbidden: ['get configmaps'], namespace: 'tracing' },
    },
    {
      name: 'rights-deployments-closed-pods-open',
      cluster: {
        ...live,
        namespace: 'hyperplane-langfuse',
        forbidden: ['list deployments', 'list statefulsets', 'list daemonsets', 'list rollouts'],
      },
    },
    {
      name: 'rights-only-pods',
      cluster: {
        ...live,
        namespace: 'hyperplane-langfuse',
        forbidden: [...everything.filter((right) => right !== 'list pods'), 'get replicasets'],
      },
    },
    { name: 'rights-nothing', cluster: { ...runbook(), forbidden: everything } },
    set('rights-no-pods', plain(), { forbidden: ['list pods'] }),
    set(
      'rights-secret-missing',
      changed(plain(), (objects) => {
        objects['secrets'] = [];
      }),
    ),
  ];
}
