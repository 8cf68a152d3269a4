/** Installations in the shapes that operators have them, each with canaries for secrets. */
import type { Container, KubeObject } from '../../src/ports/kube-objects.ts';
import type { Settings, Sourced } from '../../src/deployment/settings.ts';
import type { FakeCluster } from './fake-kube.ts';
import { envOf, pod, secret, service, workload } from './fake-kube.ts';

/** Looked for in everything that may be printed. */
export const canary = 'CANARY7f3a';

export function settings(
  given: {
    readonly namespace?: string;
    readonly release?: string;
    readonly liteLlmNamespace?: string;
    readonly deployment?: string;
  } = {},
): Settings {
  const flag = (value: string | undefined): Sourced<string> | null =>
    value === undefined ? null : { value, source: 'flag', origin: 'test' };
  return {
    deployment: given.deployment ?? null,
    configFile: '/nowhere/config.yaml',
    kubernetes: {
      kubeconfig: null,
      context: null,
      namespace: flag(given.namespace),
      release: flag(given.release),
      enabled: true,
    },
    url: null,
    publicKey: null,
    organizationKeys: { publicKey: null, secretKey: null },
    secretKey: null,
    stores: { databaseUrl: null, clickhouseUrl: null, redisUrl: null, s3Url: null },
    ingress: { loadBalancerIdleSeconds: null },
    liteLlm: { namespace: flag(given.liteLlmNamespace) },
    timeoutMs: 10_000,
  };
}

export const runbookSecret = {
  DATABASE_URL: `postgresql://langfuse:${canary}pg@langfuse-postgresql:5432/langfuse`,
  NEXTAUTH_SECRET: `${canary}nextauth`,
  SALT: `${canary}salt`,
  ENCRYPTION_KEY: '0'.repeat(64),
  NEXTAUTH_URL: `https://admin:${canary}@url@langfuse.example.test`,
  CLICKHOUSE_URL: 'http://langfuse-clickhouse:8123',
  CLICKHOUSE_USER: 'langfuse',
  CLICKHOUSE_PASSWORD: `${canary}ch`,
  REDIS_HOST: 'langfuse-redis',
  REDIS_AUTH: `${canary}redis`,
  LANGFUSE_S3_EVENT_UPLOAD_BUCKET: 'langfuse-production',
  LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT: 'http://minio.hyperplane-minio.svc.cluster.local:9000',
  LANGFUSE_S3_EVENT_UPLOAD_FORCE_PATH_STYLE: 'true',
  LANGFUSE_S3_EVENT_UPLOAD_ACCESS_KEY_ID: 'key-id',
  LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY: `${canary}s3`,
};

const helm = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'langfuse-0.9.4' },
  annotations: {
    'meta.helm.sh/release-name': 'langfuse',
    'meta.helm.sh/release-namespace': 'hyperplane-langfuse',
  },
};

const envFrom = (name: string): Container['envFrom'] => [{ secretRef: { name } }];

/** The runbook's shape: one chart, everything through envFrom, MinIO and LiteLLM in namespaces of their own. */
export function runbook(
  change: (objects: Record<string, KubeObject[]>) => void = () => undefined,
): FakeCluster & { readonly objects: Record<string, KubeObject[]> } {
  const ns = 'hyperplane-langfuse';
  const objects: Record<string, KubeObject[]> = {
    namespaces: [ns, 'hyperplane-minio', 'hyperplane-litellm'].map((name) => ({ metadata: { name } })),
    deployments: [
      workload('langfuse', ns, [web('langfuse', envFrom('langfuse-env'))], helm),
      workload('langfuse-worker', ns, [worker('worker', envFrom('langfuse-env'))], helm),
      liteLlm(),
    ],
    pods: [pod('langfuse-1', ns, 'langfuse'), pod('langfuse-worker-1', ns, 'langfuse-worker')],
    services: [
      service('langfuse', ns, 3000),
      service('langfuse-postgresql', ns, 5432),
      service('langfuse-clickhouse', ns, 8123),
      service('langfuse-redis', ns, 6379),
      service('minio', 'hyperplane-minio', 9000),
    ],
    secrets: [
      secret('langfuse-env', ns, runbookSecret),
      secret('litellm-langfuse', 'hyperplane-litellm', { LANGFUSE_SECRET_KEY: `sk-lf-${canary}` }),
    ],
    configmaps: [
      {
        metadata: { name: 'litellm-config', namespace: 'hyperplane-litellm' },
        data: { 'config.yaml': 'litellm_settings:\n  success_callback: ["langfuse"]\n' },
      } as KubeObject,
    ],
    ingresses: [
      {
        metadata: { name: 'langfuse', namespace: ns },
        spec: {
          ingressClassName: 'gce',
          rules: [
            {
              host: 'langfuse.example.test',
              http: { paths: [{ backend: { service: { name: 'langfuse', port: { number: 3000 } } } }] },
            },
          ],
          tls: [{ secretName: 'tls' }],
        },
      } as KubeObject,
    ],
  };
  change(objects);
  return { objects };
}

export function web(
  name: string,
  from?: Container['envFrom'],
  image = 'langfuse/langfuse:3.199.0',
): Container {
  return {
    name,
    image,
    ports: [{ containerPort: 3000 }],
    readinessProbe: { httpGet: { path: '/api/public/ready', port: 3000 } },
    ...(from === undefined ? {} : { envFrom: from }),
  };
}

export function worker(
  name: string,
  from?: Container['envFrom'],
  image = 'langfuse/langfuse-worker:3.199.0',
): Container {
  return {
    name,
    image,
    livenessProbe: { httpGet: { path: '/api/health', port: 3030 } },
    ...(from === undefined ? {} : { envFrom: from }),
  };
}

function liteLlm(): KubeObject {
  const container: Container = {
    name: 'litellm',
    image: 'ghcr.io/berriai/litellm-database:main-v1.80.0',
    ports: [{ containerPort: 4000 }],
    env: envOf({
      LANGFUSE_HOST: 'http://langfuse.hyperplane-langfuse:3000',
      LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
      LANGFUSE_SECRET_KEY: { secret: 'litellm-langfuse', key: 'LANGFUSE_SECRET_KEY' },
    }),
  };
  return workload('litellm', 'hyperplane-litellm', [container], {
    volumes: [{ name: 'config', configMap: { name: 'litellm-config' } }],
  });
}

/** The official chart 1.x: parts instead of URLs, one Secret per store, names with `-web` and `-worker`. */
export function official(release = 'prod', namespace = 'langfuse'): Record<string, KubeObject[]> {
  const env = envOf({
    DATABASE_HOST: `${release}-postgresql`,
    DATABASE_USERNAME: 'postgres',
    DATABASE_PASSWORD: { secret: `${release}-postgresql`, key: 'postgres-password' },
    DATABASE_NAME: 'postgres_langfuse',
    NEXTAUTH_URL: 'https://traces.example.test',
    NEXTAUTH_SECRET: { secret: `${release}-nextauth`, key: 'nextauth-secret' },
    SALT: { secret: `${release}-nextauth`, key: 'salt' },
    CLICKHOUSE_URL: `http://${release}-clickhouse:8123`,
    CLICKHOUSE_MIGRATION_URL: `clickhouse://${release}-clickhouse:9000`,
    CLICKHOUSE_USER: 'default',
    CLICKHOUSE_PASSWORD: { secret: `${release}-clickhouse`, key: 'admin-password' },
    REDIS_CONNECTION_STRING: `redis://default:$(REDIS_PASSWORD)@${release}-redis-primary:6379/0`,
    LANGFUSE_S3_EVENT_UPLOAD_BUCKET: release,
    LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT: `http://${release}-s3:9000`,
    LANGFUSE_S3_EVENT_UPLOAD_FORCE_PATH_STYLE: 'true',
  });
  const redisFirst = [
    {
      name: 'REDIS_PASSWORD',
      valueFrom: { secretKeyRef: { name: `${release}-redis`, key: 'redis-password' } },
    },
    ...env,
  ];
  const labels = {
    'app.kubernetes.io/name': 'langfuse',
    'app.kubernetes.io/instance': release,
    'app.kubernetes.io/managed-by': 'Helm',
    'helm.sh/chart': 'langfuse-1.5.30',
  };
  const of = (role: 'web' | 'worker', container: Container): KubeObject =>
    workload(`${release}-langfuse-${role}`, namespace, [{ ...container, env: redisFirst }], {
      labels: { ...labels, 'app.kubernetes.io/component': role },
    });
  return {
    namespaces: [{ metadata: { name: namespace } }],
    deployments: [of('web', web('langfuse-web')), of('worker', worker('langfuse-worker'))],
    services: [
      service(`${release}-langfuse-web`, namespace, 3000),
      service(`${release}-postgresql`, namespace, 5432),
      service(`${release}-clickhouse`, namespace, 8123),
      service(`${release}-redis-primary`, namespace, 6379),
      service(`${release}-s3`, namespace, 9000),
    ],
    secrets: [
      secret(`${release}-postgresql`, namespace, { 'postgres-password': `${canary}pg` }),
      secret(`${release}-nextauth`, namespace, { 'nextauth-secret': `${canary}na`, salt: `${canary}salt` }),
      secret(`${release}-clickhouse`, namespace, { 'admin-password': `${canary}ch` }),
      secret(`${release}-redis`, namespace, { 'redis-password': `${canary}redis` }),
    ],
  };
}

/** The objects of several installations in one cluster. */
export function together(...sets: readonly Record<string, KubeObject[]>[]): Record<string, KubeObject[]> {
  const all: Record<string, KubeObject[]> = {};
  for (const set of sets)
    for (const [plural, objects] of Object.entries(set)) all[plural] = [...(all[plural] ?? []), ...objects];
  return all;
}
