import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramHost } from '../../../src/sandbox/program.ts';
import { readImageEnv as readClickHouse } from '../../../src/sandbox/programs/clickhouse/image-env.ts';
import { readObjectsImage } from '../../../src/sandbox/programs/objects/image-env.ts';
import { readImageEnv as readPostgres } from '../../../src/sandbox/programs/postgres/image-env.ts';

describe('what the charts tell a store by its variables', () => {
  it('Postgres: the second user of groundhog2k’s chart owns the database', () => {
    const env = {
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD: 'p',
      POSTGRES_DB: 'langfuse',
      USERDB_USER: 'langfuse',
      USERDB_PASSWORD: 'q',
      PGDATA: '/var/lib/postgresql/pg',
    };
    expect(readPostgres(env, {})).toEqual({
      superuser: 'postgres',
      superuserPassword: 'p',
      role: { name: 'langfuse', password: 'q' },
      database: 'langfuse',
      dataPath: '/var/lib/postgresql/pg',
    });
  });

  it('Postgres: Bitnami’s chart with the user postgres has no second one', () => {
    const env = { POSTGRES_PASSWORD: 'p', POSTGRES_DATABASE: 'postgres_langfuse' };
    expect(readPostgres(env, { '/bitnami/postgresql': '/host' })).toMatchObject({
      superuser: 'postgres',
      role: null,
      database: 'postgres_langfuse',
    });
  });

  it('ClickHouse: Bitnami’s names, and the one of its operator', () => {
    const bitnami = { CLICKHOUSE_ADMIN_USER: 'default', CLICKHOUSE_ADMIN_PASSWORD: 'p' };
    expect(readClickHouse(bitnami, { '/bitnami/clickhouse': '/host' })).toMatchObject({
      user: 'default',
      password: 'p',
      dataPath: '/bitnami/clickhouse/data',
    });
    expect(readClickHouse({ CLICKHOUSE_DEFAULT_USER_PASSWORD: 'q' }, {})).toMatchObject({
      user: 'default',
      password: 'q',
    });
  });
});

describe('what an object store is started with', () => {
  const host = (given: Partial<ProgramHost>): ProgramHost => ({
    env: {},
    args: [],
    imageTag: 'latest',
    address: '127.0.0.1',
    pod: { namespace: 'stores', name: 'store-0' },
    folder: '/nowhere',
    mounts: {},
    timeScale: 10,
    resolve: async (name) => name,
    print: () => undefined,
    stopping: new AbortController().signal,
    ...given,
  });

  it('MinIO: buckets of Bitnami’s variable and of a shell line', async () => {
    const args = ['sh', '-c', 'mkdir -p /data/one && mkdir -p /data/two && exec minio server /data'];
    const env = {
      MINIO_ROOT_USER: 'user',
      MINIO_ROOT_PASSWORD: 'password',
      MINIO_DEFAULT_BUCKETS: 'two,three',
    };
    expect(await readObjectsImage(host({ args, env }))).toEqual({
      kind: 'minio',
      port: 9000,
      account: { accessKeyId: 'user', secretAccessKey: 'password' },
      buckets: ['two', 'three', 'one'],
    });
  });

  it('SeaweedFS: identities of the mounted file, and its own port', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-seaweed-'));
    await mkdir(join(folder, 's3'));
    const identities = [{ name: 'a', credentials: [{ accessKey: 'user', secretKey: 'password' }] }];
    await writeFile(join(folder, 's3', 'seaweedfs_s3_config'), JSON.stringify({ identities }));
    const started = host({
      args: [
        '/bin/sh',
        '-ec',
        '/usr/bin/weed server -s3 -s3.port=8333 -s3.config=/etc/sw/s3/seaweedfs_s3_config',
      ],
      env: { S3_BUCKET: 'langfuse' },
      mounts: { '/etc/sw/s3': join(folder, 's3') },
    });
    expect(await readObjectsImage(started)).toEqual({
      kind: 'seaweedfs',
      port: 8333,
      account: { accessKeyId: 'user', secretAccessKey: 'password' },
      buckets: ['langfuse'],
    });
    expect((await readObjectsImage({ ...started, mounts: {} })).account).toBeNull();
    await rm(folder, { recursive: true, force: true });
  });
});
