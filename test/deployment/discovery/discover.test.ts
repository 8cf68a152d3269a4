import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/deployment/discovery/discover.ts';
import type { Deployment } from '../../../src/deployment/model.ts';
import type { Workload } from '../../../src/ports/kube-objects.ts';
import type { FakeCluster } from '../fake-kube.ts';
import { envOf, fakeKube, pod, secret, workload } from '../fake-kube.ts';
import { canary, official, runbook, runbookSecret, settings, web, worker } from '../installations.ts';

const find = async (cluster: FakeCluster, given: Parameters<typeof settings>[0] = {}): Promise<Deployment> =>
  await discover(fakeKube(cluster), settings(given));

const roles = (deployment: Deployment): string[] =>
  deployment.components.map((one) => `${one.role} ${one.workload.name} ${one.container}`);

describe('the runbook shape', () => {
  it('is found whole, wherever in the cluster it is', async () => {
    const found = await find(runbook());
    expect(roles(found)).toEqual(['web langfuse langfuse', 'worker langfuse-worker worker']);
    expect(found).toMatchObject({
      namespace: 'hyperplane-langfuse',
      release: 'langfuse',
      generation: 3,
      imageVersion: '3.199.0',
      mode: 'clickhouse',
      webService: { namespace: 'hyperplane-langfuse', name: 'langfuse', port: 3000 },
      owner: { kind: 'helm', name: 'langfuse', chart: 'langfuse-0.9.4' },
      routes: [{ kind: 'Ingress', hosts: ['langfuse.example.test'], className: 'gce', tls: true }],
      unknown: [],
    });
    expect(found.stores).toMatchObject({
      postgres: { placement: { kind: 'service', service: 'langfuse-postgresql' }, why: null },
      redis: { target: { kind: 'single', nodes: [{ host: 'langfuse-redis', port: 6379 }] } },
      eventBucket: { placement: { kind: 'service', namespace: 'hyperplane-minio', service: 'minio' } },
      mediaBucket: null,
      exportBucket: null,
    });
  });

  it('names pods newest first', async () => {
    const cluster = runbook((objects) => {
      objects['pods']?.push(pod('langfuse-2', 'hyperplane-langfuse', 'langfuse', '2026-11-21T01:00:00Z'));
    });
    expect((await find(cluster)).components[0]?.pods).toEqual(['langfuse-2', 'langfuse-1']);
  });

  it('has LiteLLM in its own namespace with the ConfigMap that holds its settings', async () => {
    const [neighbour] = (await find(runbook())).liteLlm;
    expect(neighbour).toMatchObject({
      workload: { namespace: 'hyperplane-litellm', name: 'litellm' },
      port: 4000,
      config: { object: 'hyperplane-litellm/litellm-config', key: 'config.yaml' },
    });
  });

  it('reads no Secret of a workload that cannot be Langfuse', async () => {
    const cluster = runbook((objects) => {
      const other = [{ name: 'app', image: 'corp/billing:1', envFrom: [{ secretRef: { name: 'billing' } }] }];
      objects['deployments']?.push(workload('billing', 'billing', other));
      objects['secrets']?.push(secret('billing', 'billing', { DATABASE_URL: 'postgres://x' }));
    });
    const kube = fakeKube(cluster);
    await discover(kube, settings());
    expect(kube.reads.filter((read) => read.includes('billing'))).toEqual([]);
    expect(kube.reads.filter((read) => read.startsWith('get secrets/langfuse-env'))).toHaveLength(1);
  });
});

describe('other shapes', () => {
  it('the official chart 1.x: parts of a database, Redis with a reference in its URL', async () => {
    const found = await find({ objects: official() });
    expect(roles(found)).toEqual([
      'web prod-langfuse-web langfuse-web',
      'worker prod-langfuse-worker langfuse-worker',
    ]);
    expect(found).toMatchObject({ release: 'prod', webService: { name: 'prod-langfuse-web' } });
    const { postgres, redis } = found.stores;
    expect(postgres.target).toMatchObject({
      host: 'prod-postgresql',
      user: 'postgres',
      database: 'postgres_langfuse',
      tls: 'prefer',
    });
    expect(postgres.variables).toEqual([
      'DATABASE_HOST',
      'DATABASE_USERNAME',
      'DATABASE_PASSWORD',
      'DATABASE_NAME',
    ]);
    expect(redis.target?.password?.reveal()).toBe(`${canary}redis`);
  });

  it('plain manifests with a sidecar first and a mirrored, digest-only image', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const proxy = {
      name: 'istio-proxy',
      image: 'docker.io/istio/proxyv2:1.24',
      ports: [{ containerPort: 15_001 }],
    };
    const env = [{ secretRef: { name: 'env' } }];
    const found = await find({
      objects: {
        deployments: [
          workload('tracing', 'obs', [proxy, web('app', env, `mirror.corp:5000/hub/langfuse-web@${digest}`)]),
          workload('tracing-bg', 'obs', [
            proxy,
            worker('bg', env, `mirror.corp:5000/hub/langfuse-worker@${digest}`),
          ]),
        ],
        secrets: [secret('env', 'obs', runbookSecret)],
      },
    });
    expect(roles(found)).toEqual(['web tracing app', 'worker tracing-bg bg']);
    expect(found).toMatchObject({
      release: null,
      imageVersion: null,
      generation: null,
      owner: { kind: 'none' },
    });
  });

  it('tells the worker by its probe where both have an unknown image and the same variables', async () => {
    const env = envOf({ ...runbookSecret });
    const image = 'corp/llm-observability:prod';
    const found = await find({
      objects: {
        deployments: [
          workload('a', 'obs', [{ ...web('main', undefined, image), env }]),
          workload('b', 'obs', [{ ...worker('main', undefined, image), env }]),
        ],
      },
    });
    expect(roles(found)).toEqual(['web a main', 'worker b main']);
  });

  it('Langfuse 2: web alone, Postgres alone', async () => {
    const env = envOf({
      DATABASE_URL: 'postgresql://l:p@db/l',
      SALT: 's',
      NEXTAUTH_SECRET: 's',
      NEXTAUTH_URL: 'http://x',
    });
    const found = await find({
      objects: {
        deployments: [
          workload('langfuse', 'v2', [{ ...web('langfuse', undefined, 'langfuse/langfuse:2'), env }]),
        ],
      },
    });
    expect(found).toMatchObject({
      generation: 2,
      mode: 'postgres',
      imageVersion: '2',
      stores: { clickhouse: { why: 'not configured' } },
    });
  });

  it.each([
    ['events_only', undefined],
    ['dual', 'dual'],
    [null, 'nonsense'],
  ])('Langfuse 4: mode %s', async (mode, value) => {
    const env = envOf({
      ...runbookSecret,
      ...(value === undefined ? {} : { LANGFUSE_MIGRATION_V4_WRITE_MODE: value }),
    });
    const found = await find({
      objects: {
        deployments: [
          workload('langfuse', 'v4', [{ ...web('w', undefined, 'langfuse/langfuse:4.16.0'), env }]),
        ],
      },
    });
    expect(found).toMatchObject({ generation: 4, mode });
  });

  it('a second web for ingestion with the same database belongs to the release', async () => {
    const ns = 'hyperplane-langfuse';
    const cluster = runbook((objects) => {
      objects['deployments']?.push(
        workload('langfuse-ingestion', ns, [web('langfuse', [{ secretRef: { name: 'langfuse-env' } }])]),
      );
    });
    expect(roles(await find(cluster))).toHaveLength(3);
  });
});

describe('owners', () => {
  const owned = async (meta: Partial<Workload['metadata']>): Promise<Deployment['owner']> =>
    (await find({ objects: { deployments: [workload('langfuse', 'a', [web('w')], meta)] } })).owner;

  it.each([
    [
      'argocd',
      'obs',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'obs:apps/Deployment:a/langfuse' } },
    ],
    [
      'argocd',
      'obs',
      { labels: { 'argocd.argoproj.io/instance': 'obs', 'app.kubernetes.io/managed-by': 'Helm' } },
    ],
    [
      'flux',
      'lf',
      { labels: { 'helm.toolkit.fluxcd.io/name': 'lf', 'helm.toolkit.fluxcd.io/namespace': 'flux' } },
    ],
    ['flux', 'apps', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }],
    [
      'operator',
      'main',
      {
        ownerReferences: [
          { apiVersion: 'langfuse.palena.ai/v1alpha1', kind: 'LangfuseInstance', name: 'main', uid: '1' },
        ],
      },
    ],
    [
      'helm',
      'lf',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'lf' } },
    ],
    ['none', null, { labels: { 'app.kubernetes.io/instance': 'lf' } }],
  ] as const)('%s %s', async (kind, name, meta) => {
    expect(await owned(meta)).toMatchObject({ kind, name });
  });
});

describe('routes', () => {
  const spec = (host: string): object => ({
    hosts: ['traces.example.test'],
    http: [{ route: [{ destination: { host } }] }],
  });
  it.each(['langfuse', 'langfuse.hyperplane-langfuse', 'langfuse.hyperplane-langfuse.svc.cluster.local'])(
    'a VirtualService to %s',
    async (host) => {
      const cluster = runbook((objects) => {
        objects['virtualservices'] = [
          { metadata: { name: 'vs', namespace: 'hyperplane-langfuse' }, spec: spec(host) } as never,
        ];
      });
      expect((await find(cluster)).routes).toMatchObject([
        { kind: 'Ingress' },
        { kind: 'VirtualService', className: 'istio', hosts: ['traces.example.test'] },
      ]);
    },
  );

  it('leaves out routes to other Services, and names an HTTPRoute', async () => {
    const ns = 'hyperplane-langfuse';
    const cluster = runbook((objects) => {
      objects['ingresses'] = [
        {
          metadata: { name: 'other', namespace: ns },
          spec: { rules: [{ host: 'o', http: { paths: [{ backend: { service: { name: 'grafana' } } }] } }] },
        } as never,
      ];
      objects['virtualservices'] = [
        { metadata: { name: 'vs', namespace: ns }, spec: spec('langfuse-other') } as never,
      ];
      objects['httproutes'] = [
        {
          metadata: { name: 'hr', namespace: ns },
          spec: { hostnames: ['h'], rules: [{ backendRefs: [{ name: 'langfuse' }] }] },
        } as never,
      ];
    });
    expect((await find(cluster)).routes).toMatchObject([{ kind: 'HTTPRoute', hosts: ['h'] }]);
  });
});
