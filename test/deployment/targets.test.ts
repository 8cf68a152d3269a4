import { describe, expect, it } from 'vitest';
import type { ResolvedEnv } from '../../src/deployment/model.ts';
import { resolveEnv } from '../../src/deployment/resolve-env.ts';
import { clickHouseFromEnv, parseClickHouseUrl } from '../../src/deployment/targets/clickhouse.ts';
import { objectsFromEnv, parseS3Url } from '../../src/deployment/targets/objects.ts';
import { databaseUrl, parsePostgresUrl, unencodedCharacters } from '../../src/deployment/targets/postgres.ts';
import { parseRedisUrl, redisFromEnv } from '../../src/deployment/targets/redis.ts';
import { envOf } from './fake-kube.ts';

const nothing = () => Promise.resolve({ found: false, why: 'no-object' } as const);
const env = async (entries: Record<string, string>): Promise<ResolvedEnv> =>
  await resolveEnv({ name: 'c', env: envOf(entries) }, { secret: nothing, configMap: nothing });

describe('DATABASE_URL', () => {
  it.each([
    [
      'postgresql://u:p@h:6543/d',
      { host: 'h', port: 6543, user: 'u', database: 'd', tls: 'prefer', schema: 'public' },
    ],
    ['postgres://u:p@h/d?schema=lf&sslmode=require', { port: 5432, tls: 'require', schema: 'lf' }],
    ['postgresql://u:p@h/d?sslmode=disable', { tls: 'disable' }],
    ['postgresql://u:p@[fd00::1]:5432/d', { host: 'fd00::1', port: 5432 }],
    ['postgresql://u:p@h', { database: 'u' }],
    ['postgresql://u:p@h/d?application_name=a@b', { host: 'h', database: 'd' }],
    ['postgresql://u:p@h/d\n', { host: 'h', database: 'd' }],
  ])('%j', (url, target) => {
    expect(parsePostgresUrl(url)).toMatchObject({ target, why: null });
  });

  it.each([
    ['p%40ss', 'p@ss'],
    ['p@ss', 'p@ss'],
    ['p[ss]', 'p[ss]'],
    ['100%', '100%'],
  ])('password %s', (written, meant) => {
    expect(parsePostgresUrl(`postgresql://u:${written}@h/d`).target?.password.reveal()).toBe(meant);
  });

  it.each([
    ['postgresql://u:pa#ss@h/d', 'the password holds # unencoded'],
    ['postgresql://u:1/2?3@h/d', 'the password holds /? unencoded'],
    ['postgresql://u:12@34/5@h/d', 'the password holds @/ unencoded'],
    ['mysql://u:p@h/d', 'the scheme is not postgresql://'],
    ['postgresql://u:p@h:port/d', 'it is not a URL'],
    [
      'postgresql:///d?host=/var/run/postgresql',
      'it names a unix socket inside the pod, which only the pod reaches',
    ],
    [
      'postgresql://u:p@localhost/d?host=/cloudsql/x',
      'it names a unix socket inside the pod, which only the pod reaches',
    ],
    ['postgresql://u:p@%2Ftmp/d', 'it names a unix socket inside the pod, which only the pod reaches'],
  ])('%s: %s', (url, why) => {
    expect(parsePostgresUrl(url)).toEqual({ target: null, why });
  });

  it.each([
    ['postgresql://u:p@h/d', ''],
    ['postgresql://h/d', ''],
    ['postgresql://u@h/d', ''],
    ['postgresql://u:p%40%2F@h/d', ''],
    ['postgresql://u:a@b@h/d', '@'],
    ['postgresql://u:a b%@h/d', ' %'],
  ])('unencoded in %s: %j', (url, characters) => {
    expect(unencodedCharacters(url)).toBe(characters);
  });

  it('is built from parts as the entrypoint does, which ignores DATABASE_PORT', async () => {
    const parts = {
      DATABASE_HOST: 'h:5433',
      DATABASE_USERNAME: 'u',
      DATABASE_PASSWORD: 'p',
      DATABASE_NAME: 'd',
    };
    const built = databaseUrl(await env({ ...parts, DATABASE_PORT: '1', DATABASE_ARGS: 'sslmode=require' }));
    expect(built?.url).toBe('postgresql://u:p@h:5433/d?sslmode=require');
    expect(databaseUrl(await env({ ...parts, DATABASE_URL: 'postgresql://x' }))?.variables).toEqual([
      'DATABASE_URL',
    ]);
    expect(databaseUrl(await env({ ...parts, DATABASE_NAME: '' }))).toBeNull();
  });
});

describe('Redis', () => {
  it.each([
    [
      { REDIS_HOST: 'r' },
      { kind: 'single', nodes: [{ host: 'r', port: 6379 }], tls: false, keyPrefix: '', database: 0 },
    ],
    [
      {
        REDIS_HOST: 'r',
        REDIS_PORT: '7000',
        REDIS_TLS_ENABLED: 'true',
        REDIS_KEY_PREFIX: 'lf',
        REDIS_USERNAME: 'u',
      },
      { nodes: [{ host: 'r', port: 7000 }], tls: true, keyPrefix: 'lf', username: 'u' },
    ],
    [
      { REDIS_CONNECTION_STRING: 'rediss://u:p%40@r:6380/3', REDIS_HOST: 'ignored' },
      { nodes: [{ host: 'r', port: 6380 }], tls: true, database: 3, username: 'u' },
    ],
    [{ REDIS_CONNECTION_STRING: 'redis://[fd00::1]' }, { nodes: [{ host: 'fd00::1', port: 6379 }] }],
    [
      { REDIS_CLUSTER_ENABLED: 'true', REDIS_CLUSTER_NODES: 'a:7001, b:6379 ' },
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 7001 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
    [
      {
        REDIS_SENTINEL_ENABLED: 'true',
        REDIS_SENTINEL_NODES: 's:26379',
        REDIS_SENTINEL_MASTER_NAME: 'm',
        REDIS_SENTINEL_USERNAME: 'su',
        REDIS_TLS_ENABLED: 'true',
      },
      {
        kind: 'sentinel',
        masterName: 'm',
        sentinelUsername: 'su',
        tls: false,
        nodes: [{ host: 's', port: 26_379 }],
      },
    ],
  ])('%o', async (entries, target) => {
    expect(redisFromEnv(await env(entries))).toMatchObject({ target, why: null });
  });

  it.each([
    [{ REDIS_CLUSTER_ENABLED: 'true' }, 'REDIS_CLUSTER_NODES names no node'],
    [
      { REDIS_CLUSTER_ENABLED: 'true', REDIS_CLUSTER_NODES: 'a:7001,b' },
      'REDIS_CLUSTER_NODES holds "b", and Langfuse takes host:port alone',
    ],
    [
      { REDIS_CLUSTER_ENABLED: 'true', REDIS_CLUSTER_NODES: '[fd00::1]:7002' },
      'REDIS_CLUSTER_NODES holds "[fd00::1]:7002", and Langfuse takes host:port alone',
    ],
    [
      { REDIS_SENTINEL_ENABLED: 'true', REDIS_SENTINEL_NODES: 's:26379' },
      'REDIS_SENTINEL_MASTER_NAME is not set',
    ],
    [
      { REDIS_SENTINEL_ENABLED: 'true', REDIS_CLUSTER_ENABLED: 'true' },
      'REDIS_CLUSTER_ENABLED and REDIS_SENTINEL_ENABLED exclude each other',
    ],
    [
      { REDIS_CONNECTION_STRING: 'http://x' },
      'REDIS_CONNECTION_STRING: the scheme is not redis:// or rediss://',
    ],
    [{ REDIS_CONNECTION_STRING: 'no url' }, 'REDIS_CONNECTION_STRING: it is not a URL'],
    [{ REDIS_HOST: 'r', REDIS_PORT: 'tcp://10.0.0.1:6379' }, 'REDIS_PORT is not a number'],
  ])('%o: %s', async (entries, why) => {
    expect(redisFromEnv(await env(entries))).toEqual({ target: null, why });
  });

  it('decodes a password and is null without any variable', async () => {
    expect(parseRedisUrl('redis://:p%40@r').target?.password?.reveal()).toBe('p@');
    expect(redisFromEnv(await env({}))).toBeNull();
  });
});

describe('ClickHouse', () => {
  it('takes user, password and database from their own variables', async () => {
    const parsed = clickHouseFromEnv(
      await env({ CLICKHOUSE_URL: 'https://c:8443/', CLICKHOUSE_USER: 'u', CLICKHOUSE_PASSWORD: 'p' }),
    );
    expect(parsed?.target).toMatchObject({ url: 'https://c:8443', user: 'u', database: 'default' });
  });
  it.each(['clickhouse://c:9000', 'c:8123', ''])('%j is no http URL', async (url) => {
    expect(clickHouseFromEnv(await env({ CLICKHOUSE_URL: url }))?.target ?? null).toBeNull();
  });
  it('reads a whole URL', () => {
    expect(parseClickHouseUrl('http://u:p@c:8123/lf').target).toMatchObject({
      url: 'http://c:8123',
      user: 'u',
      database: 'lf',
    });
    expect(parseClickHouseUrl('postgres://c').why).toBe('it is not an http(s) URL');
  });
});

describe('object store', () => {
  const bucket = { LANGFUSE_S3_EVENT_UPLOAD_BUCKET: 'b' };

  it('AWS without an endpoint and without keys', async () => {
    expect(
      objectsFromEnv(
        await env({ ...bucket, LANGFUSE_S3_EVENT_UPLOAD_REGION: 'eu-central-1' }),
        'EVENT_UPLOAD',
      ),
    ).toEqual({
      target: { endpoint: null, region: 'eu-central-1', bucket: 'b', prefix: '', pathStyle: false },
      why: null,
    });
  });

  it('a key without its secret is no key', async () => {
    const parsed = objectsFromEnv(
      await env({ ...bucket, LANGFUSE_S3_EVENT_UPLOAD_ACCESS_KEY_ID: 'id' }),
      'EVENT_UPLOAD',
    );
    expect(parsed?.target).not.toHaveProperty('accessKeyId');
  });

  it('exports count only where they are switched on, and each use has its own names', async () => {
    const names = { LANGFUSE_S3_BATCH_EXPORT_BUCKET: 'x', LANGFUSE_S3_MEDIA_UPLOAD_BUCKET: 'm' };
    expect(objectsFromEnv(await env(names), 'BATCH_EXPORT')).toBeNull();
    expect(
      objectsFromEnv(await env({ ...names, LANGFUSE_S3_BATCH_EXPORT_ENABLED: 'true' }), 'BATCH_EXPORT')
        ?.target?.bucket,
    ).toBe('x');
    expect(objectsFromEnv(await env(names), 'MEDIA_UPLOAD')?.target?.bucket).toBe('m');
    expect(objectsFromEnv(await env(names), 'EVENT_UPLOAD')).toBeNull();
  });

  it.each([
    ['LANGFUSE_USE_AZURE_BLOB', 'Azure Blob Storage, container'],
    ['LANGFUSE_USE_GOOGLE_CLOUD_STORAGE', 'Google Cloud Storage, bucket'],
    ['LANGFUSE_USE_OCI_NATIVE_OBJECT_STORAGE', 'OCI Object Storage, bucket'],
  ])('%s', async (name, title) => {
    const parsed = objectsFromEnv(await env({ ...bucket, [name]: 'true' }), 'EVENT_UPLOAD');
    expect(parsed).toEqual({ target: null, why: `not supported yet (${title} b)` });
  });

  it('Langfuse 2: exports have names of their own, media and events a switch', async () => {
    const names = { S3_BUCKET_NAME: 'x', S3_ENDPOINT: 'http://m:9000', ...bucket };
    const of = async (entries: Record<string, string>, use: 'EVENT_UPLOAD' | 'BATCH_EXPORT') =>
      objectsFromEnv(await env(entries), use, 2);
    expect((await of(names, 'BATCH_EXPORT'))?.target).toMatchObject({
      bucket: 'x',
      endpoint: 'http://m:9000',
      prefix: '',
    });
    expect(await of(names, 'EVENT_UPLOAD')).toBeNull();
    const on = { ...names, LANGFUSE_S3_EVENT_UPLOAD_ENABLED: 'true' };
    expect((await of(on, 'EVENT_UPLOAD'))?.target?.bucket).toBe('b');
  });

  it('an endpoint without scheme', async () => {
    const parsed = objectsFromEnv(
      await env({ ...bucket, LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT: 'minio:9000' }),
      'EVENT_UPLOAD',
    );
    expect(parsed?.why).toBe('LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT is not an http(s) URL');
  });

  it.each([
    [
      'https://K:S%2F@s3.test/b/pre/fix',
      { endpoint: 'https://s3.test', bucket: 'b', prefix: 'pre/fix', pathStyle: true, accessKeyId: 'K' },
    ],
    ['https://s3.test/b?style=virtual-host&region=eu', { pathStyle: false, region: 'eu' }],
  ])('%s', (url, target) => {
    expect(parseS3Url(url).target).toMatchObject(target);
  });

  it('needs a bucket', () => {
    expect(parseS3Url('https://K:S@s3.test').why).toBe('it names no bucket');
  });
});
