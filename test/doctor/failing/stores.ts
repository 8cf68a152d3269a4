import type { FactsDraft } from '../facts.ts';
import type { FailingRow } from './change.ts';
import { ago, pod, noEndpoint, refused, logLine, set, sinceThree } from './change.ts';

export const storesRows: readonly FailingRow[] = [
  {
    check: 'postgres/reachable',
    when: 'no pod is ready',
    change: noEndpoint('postgres'),
    says: /no ready pod answers for Postgres/,
  },
  {
    check: 'clickhouse/reachable',
    when: 'no pod is ready',
    change: noEndpoint('clickhouse'),
    says: /no ready pod answers for ClickHouse/,
  },
  {
    check: 'redis/reachable',
    when: 'no pod is ready',
    change: noEndpoint('redis'),
    says: /no ready pod answers for Redis/,
  },
  {
    check: 'objects/reachable',
    when: 'no pod is ready',
    change: noEndpoint('objects'),
    says: /no ready pod answers for the object store/,
  },
  {
    check: 'clickhouse/reachable',
    when: 'the worker logs refusals now',
    change: (f) => {
      pod(f, 'clickhouse').readySince = ago(900_000);
      logLine(f, 'worker', 'clickhouse-unreachable', 'Query: HTTP request error.');
    },
    says: /worker cannot connect to ClickHouse/,
  },
  {
    check: 'postgres/auth',
    when: 'the password is wrong',
    change: (f) => {
      f['postgres/login'] = refused('POSTGRES_AUTH', 'password authentication failed');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'clickhouse/auth',
    when: 'the password is wrong',
    change: (f) => {
      f['clickhouse/login'] = refused('CLICKHOUSE_AUTH', 'Code: 516');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'redis/auth',
    when: 'the password is wrong',
    change: (f) => {
      f['redis/login'] = refused('REDIS_AUTH', 'WRONGPASS');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'objects/credentials',
    when: 'the key is wrong',
    change: (f) => {
      f['objects/event-bucket'] = refused('OBJECTS_AUTH', 'SignatureDoesNotMatch');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'postgres/migrations',
    when: 'one failed',
    change: (f) =>
      f['postgres/migrations'].failed.push({ name: '2026_x', startedAt: ago(5000), log: 'ERROR: deadlock' }),
    says: /2026_x failed: ERROR: deadlock/,
  },
  {
    check: 'clickhouse/migrations',
    when: 'the newest is dirty',
    change: (f) => {
      f['clickhouse/migrations'].dirty = true;
    },
    says: /migration \d+ was started and not finished/,
  },
  {
    check: 'redis/eviction',
    when: 'the policy is allkeys-lru',
    change: (f) => Object.assign(f['redis/memory'], { policy: 'allkeys-lru', evictedKeys: 12 }),
    says: /allkeys-lru; 12 keys/,
  },
  {
    check: 'objects/bucket',
    when: 'it does not exist',
    change: (f) => {
      f['objects/event-bucket'] = refused('OBJECTS_BUCKET', 'NoSuchBucket');
    },
    says: /bucket langfuse-production does not exist/,
  },
  {
    check: 'objects/path-style',
    when: 'it is off for a server in the cluster',
    change: (f) => {
      f['deployment/discovery'].stores.eventBucket.pathStyle = false;
    },
    says: /path style is off/,
  },
  {
    check: 'postgres/migrations',
    when: 'those of this version were not run',
    change: (f) => {
      f['postgres/migrations'].newest = '20240101000000_old';
    },
    says: /20240101000000_old, and Langfuse [\d.]+ brings one of \d{14}: migrations were not run/,
    on: ['2.95.12', '3.199.0', '3.225.4', '4.16.0'],
  },
  {
    check: 'clickhouse/migrations',
    when: 'those of this version were not run',
    change: (f) => {
      f['clickhouse/migrations'].version = 33;
    },
    says: /at migration 33, and Langfuse [\d.]+ needs \d\d: migrations were not run/,
    on: ['3.199.0', '3.225.4', '4.16.0', '4.16.0-dual'],
  },
  {
    check: 'clickhouse/migrations',
    when: 'a later version has run here',
    change: (f) => {
      f['clickhouse/migrations'].version = 46;
    },
    says: /at migration 46, which Langfuse 3\.[\d.]+ does not have: a later version has run here/,
    on: ['3.199.0', '3.225.4'],
  },
  {
    check: 'clickhouse/migrations',
    when: 'a later version has run here, and web does not start for it',
    change: (f) => {
      Object.assign(f['deployment/version'], { live: null, all: [] });
      logLine(f, 'web', 'clickhouse-ahead', 'error: no migration found for version 99');
    },
    says: /which the image of web does not have/,
    on: ['3.199.0', '4.16.0', '4.99.0'],
  },
  {
    check: 'objects/other-buckets',
    when: 'the bucket for exports does not exist',
    change: (f) => {
      f['objects/other-buckets'] = [
        { use: 'exports', bucket: 'exports', login: refused('OBJECTS_BUCKET', 'NoSuchBucket') },
      ];
    },
    says: /bucket exports for exports cannot be used: it does not exist/,
  },
  {
    check: 'objects/other-buckets',
    when: 'the key of the bucket for media is refused',
    change: (f) => {
      f['objects/other-buckets'] = [
        { use: 'media', bucket: 'media', login: refused('OBJECTS_AUTH', 'SignatureDoesNotMatch') },
      ];
    },
    says: /bucket media for media cannot be used: its key is refused/,
  },
  {
    check: 'objects/other-buckets',
    when: 'path style is off for a server in the cluster',
    change: (f) => {
      const { stores } = f['deployment/discovery'];
      stores.mediaBucket = { ...stores.eventBucket, ...stores.mediaBucket, pathStyle: false };
    },
    says: /for media cannot be used: path style is off/,
  },
  {
    check: 'objects/media-endpoint',
    when: 'somebody uses media, and the endpoint is a name of the cluster',
    change: (f) => Object.assign(f['postgres/media'], { registered: 3, unfinished: 2, lastAt: ago(60_000) }),
    says: /lead to minio\..*which only pods can resolve: 3 media in 30 days, 2 never uploaded/,
  },
  {
    check: 'objects/export-endpoint',
    when: 'somebody exported, and no external endpoint is set',
    change: (f) => {
      withExports(f);
      Object.assign(f['postgres/exports'], { made: 1, hosts: ['minio'], lastAt: ago(60_000) });
    },
    says: /links to exports lead to minio\./,
    on: sinceThree,
  },
  {
    check: 'objects/export-endpoint',
    when: 'the external endpoint is itself a name of the cluster',
    change: (f) => {
      withExports(f);
      set(f, 'worker', 'LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT', 'http://minio:9000');
      Object.assign(f['postgres/exports'], { made: 1000, hosts: ['minio'], lastAt: ago(60_000) });
    },
    says: /lead to minio, .*at least 1000 exports/,
    on: sinceThree,
  },
];

/** As media have it: the same store, with the address that pods use. */
function withExports(facts: FactsDraft): void {
  const { stores } = facts['deployment/discovery'];
  stores.exportBucket = stores.mediaBucket;
}
