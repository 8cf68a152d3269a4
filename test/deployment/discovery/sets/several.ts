import type { KubeObject, Workload } from '../../../../src/ports/kube-objects.ts';
import { envOf, secret, workload } from '../../fake-kube.ts';
import { official, runbookSecret, settings, together, web, worker } from '../../installations.ts';
import type { ObjectSet } from './_set.ts';
import { add, changed, home, plain, set } from './_set.ts';

type Given = NonNullable<Parameters<typeof settings>[0]>;

/** Chart 1.x and its sibling `-v2` while the data is copied: each its own stores and Secrets. */
const migration = (): ReturnType<typeof official> =>
  together(official('langfuse', home), official('langfuse-v2', home));

const choose = (
  name: string,
  objects: ReturnType<typeof official>,
  given: Given,
  forbidden: string[] = [],
): ObjectSet => ({
  name,
  cluster: { objects, namespace: home, forbidden },
  given,
});

const helm = (release: string): Partial<Workload['metadata']> => ({
  labels: { 'app.kubernetes.io/instance': release, 'app.kubernetes.io/managed-by': 'Helm' },
});

const deploy = (name: string, containers: Parameters<typeof workload>[2], release: string): KubeObject =>
  workload(name, home, containers, helm(release));

const from = [{ secretRef: { name: 'env' } }];
const longNames = {
  DATABASE_URL: runbookSecret.DATABASE_URL.replace(
    'langfuse-postgresql',
    `langfuse-postgresql.${home}.svc.cluster.local`,
  ),
};

/** More than one Langfuse, or one in several parts. */
export const severalSets: readonly ObjectSet[] = [
  choose('several-chart-migration', migration(), { namespace: home }),
  choose('several-chart-migration-chosen', migration(), { namespace: home, release: 'langfuse-v2' }),
  choose('several-chart-migration-no-secrets', migration(), { namespace: home, release: 'langfuse' }, [
    'get secrets',
  ]),
  choose('several-wrong-release', migration(), { namespace: home, release: 'langfuse-v3' }),
  choose(
    'several-plain-without-secrets',
    changed(plain(), (objects) => {
      add(
        objects,
        'deployments',
        workload('staging', home, [web('langfuse', [{ secretRef: { name: 'env-staging' } }])]),
      );
      add(objects, 'secrets', secret('env-staging', home, runbookSecret));
    }),
    { namespace: home },
    ['get secrets'],
  ),
  {
    name: 'several-one-namespace-terminating',
    cluster: {
      objects: changed(together(official('blue', 'old'), official('blue', 'new')), (objects) => {
        objects['namespaces'] = [
          { metadata: { name: 'old', deletionTimestamp: '2026-11-21T12:00:00Z' } },
          { metadata: { name: 'new' } },
        ];
      }),
    },
  },
  {
    name: 'several-the-only-one-terminating',
    cluster: {
      namespace: home,
      objects: changed(plain(), (objects) => {
        objects['namespaces'] = [{ metadata: { name: home, deletionTimestamp: '2026-11-21T12:00:00Z' } }];
      }),
    },
  },
  set(
    'several-webs-one-for-ingestion',
    changed(plain(), (objects) => {
      add(objects, 'deployments', workload('langfuse-ingestion', home, [web('langfuse', from)]));
    }),
  ),
  set(
    'several-webs-the-first-at-rest',
    changed(plain(), (objects) => {
      const made = (name: string, image: string): Workload =>
        workload(name, home, [web('langfuse', from, image)]);
      const spare = made('a-spare', 'langfuse/langfuse:3.150.0');
      const resting: Workload = { ...spare, spec: { ...spare.spec, replicas: 0 }, status: {} };
      const starting: Workload = { ...made('b-new', 'langfuse/langfuse:3.171.0'), status: {} };
      add(objects, 'deployments', resting, starting);
    }),
  ),
  set(
    'several-releases-on-the-same-stores',
    changed(plain(), (objects) => {
      objects['deployments'] = [
        deploy('langfuse', [web('langfuse', from)], 'langfuse'),
        deploy('langfuse-worker', [worker('worker', from)], 'langfuse'),
        deploy('ingest', [web('langfuse', from)], 'langfuse-ingest'),
      ];
    }),
  ),
  set(
    'several-worker-in-a-release-of-its-own',
    changed(plain(), (objects) => {
      objects['deployments'] = [
        deploy('langfuse', [web('langfuse', from)], 'web'),
        deploy('langfuse-worker', [{ ...worker('worker', from), env: envOf(longNames) }], 'worker'),
      ];
    }),
  ),
  {
    name: 'several-2-beside-3-on-one-postgres',
    cluster: {
      namespace: home,
      objects: changed(plain(), (objects) => {
        const { DATABASE_URL, NEXTAUTH_SECRET, SALT } = runbookSecret;
        const old = {
          ...web('langfuse', undefined, 'langfuse/langfuse:2.95.12'),
          env: envOf({ DATABASE_URL, NEXTAUTH_SECRET, SALT }),
        };
        objects['deployments'] = [
          deploy('langfuse', [web('langfuse', from, 'langfuse/langfuse:3.29.0')], 'langfuse'),
          deploy('langfuse-worker', [worker('worker', from, 'langfuse/langfuse-worker:3.29.0')], 'langfuse'),
          deploy('langfuse-old', [old], 'langfuse-old'),
        ];
      }),
    },
  },
  {
    name: 'several-guess-beside-a-sure-one',
    cluster: {
      objects: changed(plain(), (objects) => {
        const tool = { name: 'report', image: 'corp/report:1', envFrom: [{ secretRef: { name: 'env' } }] };
        add(objects, 'deployments', workload('report', 'reports', [tool], { labels: { app: 'langfuse' } }));
        add(objects, 'secrets', secret('env', 'reports', runbookSecret));
      }),
    },
  },
];
