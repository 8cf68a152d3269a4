import { canary } from '../../installations.ts';
import { object } from './_live.ts';
import type { ObjectSet, Objects } from './_set.ts';
import { add, changed, custom, home, plain, set } from './_set.ts';

const s3 = (values: Readonly<Record<string, string | null>>): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`LANGFUSE_S3_EVENT_UPLOAD_${key}`, value]),
  );

const noMinio = s3({ ENDPOINT: null, FORCE_PATH_STYLE: null, ACCESS_KEY_ID: null, SECRET_ACCESS_KEY: null });
const noUrl = { DATABASE_URL: null };
const noRedis = { REDIS_HOST: null };

const managed = {
  ...noMinio,
  ...s3({ REGION: 'eu-central-1', BUCKET: 'acme-traces', PREFIX: 'events/' }),
  LANGFUSE_S3_MEDIA_UPLOAD_BUCKET: 'acme-traces',
  LANGFUSE_S3_MEDIA_UPLOAD_PREFIX: 'media/',
  LANGFUSE_S3_MEDIA_UPLOAD_REGION: 'eu-central-1',
  DATABASE_URL: `postgresql://lf:${canary}@prod.cluster-c1.eu-central-1.rds.amazonaws.com:5432/lf?sslmode=require`,
  CLICKHOUSE_URL: 'https://abc123.eu-central-1.aws.clickhouse.cloud:8443',
  CLICKHOUSE_USER: 'default',
  REDIS_HOST: null,
  REDIS_CONNECTION_STRING: `rediss://default:${canary}@master.lf.c1.euc1.cache.amazonaws.com:6379/1`,
};

const parts = {
  ...noUrl,
  DATABASE_HOST: 'langfuse-postgresql',
  DATABASE_USERNAME: 'langfuse',
  DATABASE_PASSWORD: `${canary}@plain`,
  DATABASE_NAME: 'langfuse',
};

const cluster = {
  ...noRedis,
  REDIS_CLUSTER_ENABLED: 'true',
  REDIS_CLUSTER_NODES:
    'redis-0.redis-headless.lf.svc.cluster.local:6379, redis-1.redis-headless.lf.svc.cluster.local:6379',
};
const sentinel = {
  ...noRedis,
  REDIS_SENTINEL_ENABLED: 'true',
  REDIS_SENTINEL_NODES: 'sentinel-0.sentinel:26379,sentinel-1.sentinel:26379',
  REDIS_SENTINEL_MASTER_NAME: 'mymaster',
  REDIS_SENTINEL_PASSWORD: `${canary}sentinel`,
};

const headless = { clusterIP: 'None', selector: { app: 'redis' }, ports: [{ port: 6379 }] };
const host = (name: string): Readonly<Record<string, string>> => ({
  DATABASE_URL: `postgresql://lf:${canary}@${name}:5432/lf`,
});
const withServices = (
  env: Readonly<Record<string, string | null>>,
  ...services: Parameters<typeof custom>[]
): Objects =>
  changed(plain({ env }), (objects) => add(objects, 'services', ...services.map((one) => custom(...one))));

const provider = (name: string, more: Readonly<Record<string, string | null>>): Objects =>
  plain({ env: { ...noMinio, [name]: 'true', ...more } });

/** Where data lies, and under which names Langfuse is told. */
export const storeSets: readonly ObjectSet[] = [
  set('stores-managed-by-a-cloud', plain({ env: managed })),
  set('stores-postgres-parts', plain({ env: parts })),
  set('stores-postgres-parts-port-ignored', plain({ env: { ...parts, DATABASE_PORT: '6432' } })),
  set(
    'stores-postgres-parts-port-in-host',
    plain({
      env: {
        ...parts,
        DATABASE_HOST: 'langfuse-postgresql:6432',
        DATABASE_ARGS: 'sslmode=verify-full&schema=lf',
      },
    }),
  ),
  set(
    'stores-postgres-password-breaks-the-url',
    plain({ env: { DATABASE_URL: `postgresql://lf:${canary}#x/y@langfuse-postgresql:5432/lf` } }),
  ),
  set(
    'stores-postgres-pooled-with-direct',
    plain({
      env: { ...host('pgbouncer'), DIRECT_URL: `postgresql://lf:${canary}@langfuse-postgresql:5432/lf` },
    }),
  ),
  set(
    'stores-postgres-socket',
    plain({ env: { DATABASE_URL: `postgresql://lf:${canary}@localhost/lf?host=/cloudsql/p:r:i` } }),
  ),
  set('stores-postgres-proxy-in-the-pod', plain({ env: host('127.0.0.1') })),
  set(
    'stores-postgres-external-name',
    withServices(host('db'), ['db', { type: 'ExternalName', externalName: 'db.c1.rds.amazonaws.com' }]),
  ),
  set(
    'stores-postgres-endpoints-by-hand',
    changed(withServices(host('db'), ['db', { ports: [{ port: 5432 }] }]), (objects) => {
      add(
        objects,
        'endpoints',
        object('db', home, { subsets: [{ addresses: [{ ip: '10.20.0.5' }], ports: [{ port: 5432 }] }] }),
      );
    }),
  ),
  set(
    'stores-postgres-endpoints-by-an-operator',
    changed(withServices(host('db'), ['db', { ports: [{ port: 5432 }] }]), (objects) => {
      const addresses = [{ ip: '10.1.2.3', targetRef: { kind: 'Pod', name: 'db-0' } }];
      add(objects, 'endpoints', object('db', home, { subsets: [{ addresses, ports: [{ port: 5432 }] }] }));
    }),
  ),
  set('stores-postgres-no-such-service', plain({ env: host('langfuse-pg') })),
  set(
    'stores-addresses-ipv6',
    changed(
      plain({
        env: {
          ...host('[fd00:10:96::a]'),
          CLICKHOUSE_URL: 'http://[fd00:10:96:0::b]:8123',
          REDIS_HOST: 'fd00:10:96::c',
        },
      }),
      (objects) => {
        add(
          objects,
          'services',
          custom('pg', {
            clusterIP: '10.96.0.10',
            clusterIPs: ['10.96.0.10', 'fd00:10:96::a'],
            selector: { app: 'pg' },
          }),
        );
        add(
          objects,
          'services',
          custom('ch', { clusterIP: 'fd00:10:96::b', selector: { app: 'ch' } }, 'data'),
        );
      },
    ),
  ),
  set('stores-address-elsewhere-not-listable', plain({ env: host('10.96.77.7') }), {
    forbidden: ['list services in all namespaces'],
  }),
  set('stores-address-public', plain({ env: host('203.0.113.9') }), {
    forbidden: ['list services in all namespaces'],
  }),
  set('stores-redis-cluster', withServices(cluster, ['redis-headless', headless])),
  set('stores-redis-cluster-and-sentinel', plain({ env: { ...cluster, ...sentinel } })),
  set(
    'stores-redis-cluster-node-without-port',
    plain({ env: { ...cluster, REDIS_CLUSTER_NODES: 'redis-0,redis-1' } }),
  ),
  set('stores-redis-sentinel', withServices(sentinel, ['sentinel', headless])),
  set(
    'stores-redis-sentinel-tls',
    plain({ env: { ...sentinel, REDIS_TLS_ENABLED: 'true', REDIS_TLS_CA_PATH: '/ca.pem' } }),
  ),
  set(
    'stores-redis-tls-and-prefix',
    plain({
      env: {
        REDIS_HOST: 'cache.example.net',
        REDIS_PORT: '6380',
        REDIS_TLS_ENABLED: 'true',
        REDIS_KEY_PREFIX: 'lf',
      },
    }),
  ),
  set(
    'stores-redis-url-beside-host',
    plain({ env: { REDIS_CONNECTION_STRING: `redis://:${canary}@langfuse-redis:6379/2` } }),
  ),
  set(
    'stores-none-but-postgres-on-3',
    plain({
      env: { ...noMinio, ...noRedis, ...s3({ BUCKET: null }), CLICKHOUSE_URL: null, REDIS_AUTH: null },
    }),
  ),
  set(
    'stores-azure',
    provider(
      'LANGFUSE_USE_AZURE_BLOB',
      s3({
        ENDPOINT: 'https://acme.blob.core.windows.net',
        BUCKET: 'traces',
        ACCESS_KEY_ID: 'acme',
        SECRET_ACCESS_KEY: canary,
      }),
    ),
  ),
  set(
    'stores-azure-emulated',
    provider(
      'LANGFUSE_USE_AZURE_BLOB',
      s3({ ENDPOINT: 'http://azurite:10000/devstoreaccount1', BUCKET: 'traces' }),
    ),
  ),
  set(
    'stores-gcs',
    provider('LANGFUSE_USE_GOOGLE_CLOUD_STORAGE', {
      LANGFUSE_S3_BATCH_EXPORT_ENABLED: 'true',
      LANGFUSE_S3_BATCH_EXPORT_BUCKET: 'acme-exports',
    }),
  ),
  set('stores-oci', provider('LANGFUSE_USE_OCI_NATIVE_OBJECT_STORAGE', {})),
  set('stores-s3-one-key-of-two', plain({ env: s3({ SECRET_ACCESS_KEY: null }) })),
  set('stores-s3-endpoint-without-scheme', plain({ env: s3({ ENDPOINT: 'minio.hyperplane-minio:9000' }) })),
  set(
    'stores-s3-switches-of-azure-off',
    plain({ env: { LANGFUSE_USE_AZURE_BLOB: 'false', LANGFUSE_USE_GOOGLE_CLOUD_STORAGE: '' } }),
  ),
];
