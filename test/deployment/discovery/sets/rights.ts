import type { KubeObject } from '../../../../src/ports/kube-objects.ts';
import { envOf, secret, workload } from '../../fake-kube.ts';
import { official, runbook, runbookSecret, web, worker } from '../../installations.ts';
import { object, running } from './_live.ts';
import type { Objects, ObjectSet } from './_set.ts';
import { changed, home, plain, set } from './_set.ts';

const everything = [
  'list deployments',
  'list statefulsets',
  'list daemonsets',
  'list rollouts',
  'list pods',
  'get secrets',
];

/** The runbook's Helm marks on its Deployments, and pods that know who made them. */
const owned = (): Objects =>
  running(
    changed(plain(), (objects) => {
      const release = { annotations: { 'meta.helm.sh/release-name': 'langfuse' } };
      const from = [{ secretRef: { name: 'env' } }];
      objects['deployments'] = [
        workload('langfuse', home, [web('langfuse', from)], release),
        workload('langfuse-worker', home, [worker('worker', from)], release),
      ];
      objects['pods'] = [];
    }),
  );

/** Stores' addresses from a ConfigMap, passwords from a Secret. */
const halfOpen = (): Objects =>
  changed(plain(), (objects) => {
    const open = ['DATABASE_URL', 'NEXTAUTH_SECRET', 'SALT', 'REDIS_HOST', 'REDIS_AUTH'] as const;
    const closed = Object.entries(runbookSecret).filter(([name]) => !open.some((one) => one === name));
    const kept = Object.fromEntries(open.map((name) => [name, runbookSecret[name]]));
    const from = [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'env' } }];
    objects['secrets'] = [secret('env', home, kept)];
    objects['configmaps'] = [object('settings', home, { data: Object.fromEntries(closed) })];
    objects['deployments'] = [
      workload('langfuse', home, [{ ...web('langfuse', from), env: envOf({ TZ: 'UTC' }) }]),
      workload('langfuse-worker', home, [worker('worker', from)]),
    ] satisfies KubeObject[];
  });

/** What is left when rights lack. */
export const rightsSets: readonly ObjectSet[] = [
  { name: 'rights-no-secrets-envfrom', cluster: { ...runbook(), forbidden: ['get secrets'] } },
  {
    name: 'rights-no-secrets-official-chart',
    cluster: { objects: official('langfuse', home), forbidden: ['get secrets'], namespace: home },
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
      forbidden: ['list deployments in all namespaces', 'get services in hyperplane-minio', 'get namespaces'],
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
  set('rights-no-configmaps', halfOpen(), { forbidden: ['get configmaps'] }),
  set('rights-deployments-closed-pods-open', owned(), {
    forbidden: ['list deployments', 'list statefulsets', 'list daemonsets', 'list rollouts'],
  }),
  set('rights-only-pods', owned(), {
    forbidden: [...everything.filter((right) => right !== 'list pods'), 'get replicasets'],
  }),
  { name: 'rights-nothing', cluster: { ...runbook(), forbidden: everything } },
  set('rights-no-pods', plain(), { forbidden: ['list pods'] }),
  set(
    'rights-secret-missing',
    changed(plain(), (objects) => {
      objects['secrets'] = [];
    }),
  ),
];
