import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { migrateClickHouse, migratePostgres } from '../../../src/sandbox/schema/apply.ts';
import { objectsProgram } from '../../../src/sandbox/programs/objects.ts';
import { postgresProgram } from '../../../src/sandbox/programs/postgres.ts';
import { createRedisProgram } from '../../../src/sandbox/programs/redis.ts';
import type { Program } from '../../../src/sandbox/program.ts';
import { bundleRunner, login, removeRunner, startClickHouse } from '../stores/clickhouse-process.ts';
import { eventually, runProgram, testAddress, testFolder, type RunningProgram } from '../stores/host.ts';

/** The captures' installation: stores of the sandbox, migrated, and the env that the captured servers had. */
export interface Lab {
  readonly env: Readonly<Record<string, string>>;
  readonly addresses: { readonly postgres: string; readonly redis: string; readonly objects: string };
  readonly sql: (
    text: string,
    parameters?: readonly unknown[],
    database?: string,
  ) => Promise<Record<string, unknown>[]>;
  readonly clickhouse: (text: string) => Promise<Record<string, unknown>[]>;
  readonly redis: Redis;
  /** Starts a program with the lab's env and more; stopped with the lab. */
  readonly start: (
    program: Program,
    more?: Readonly<Record<string, string | undefined>>,
    timeScale?: number,
  ) => LabProgram;
  readonly close: () => Promise<void>;
}

export interface LabProgram extends RunningProgram {
  readonly url: string;
}

/** The releases that captures exist of. */
export type Captured = '3.199.0' | '4.16.0';

/** Where the captured servers kept events. */
const eventPrefix: Readonly<Record<Captured, string>> = { '3.199.0': 'events/', '4.16.0': 'v4events/' };

export const canary = "canary-s3cret'pw";
const port = '13000';
/** Graces and drains are over at once. */
const timeScale = 10_000;

export async function openLab(imageTag: Captured = '3.199.0'): Promise<Lab> {
  const folder = await testFolder();
  // Test files run side by side: one must not read what another is writing.
  const runnerName = `lfctl-langfuse-${randomUUID()}`;
  const runner = await bundleRunner(runnerName);
  const stores = [
    runProgram(postgresProgram, {
      folder: join(folder.path, 'postgres'),
      mounts: { '/var/lib/postgresql/data': join(folder.path, 'pgdata') },
      env: { POSTGRES_USER: 'langfuse', POSTGRES_PASSWORD: canary, POSTGRES_DB: 'lf3' },
    }),
    runProgram(createRedisProgram(process.env['PATH'] ?? ''), {
      folder: join(folder.path, 'redis'),
      args: [],
    }),
    runProgram(objectsProgram, {
      folder: join(folder.path, 'objects'),
      env: { MINIO_ROOT_USER: 'minio', MINIO_ROOT_PASSWORD: canary, MINIO_DEFAULT_BUCKETS: 'langfuse' },
      timeScale,
    }),
  ] as const;
  const [postgres, redisServer, objects] = stores;
  const clickhouse = await startClickHouse({ runner, folder: join(folder.path, 'clickhouse') });
  const client = clickhouse.client();
  const started: LabProgram[] = [];
  const env = {
    ...labEnv(postgres.address, clickhouse.url, redisServer.address, objects.address),
    LANGFUSE_S3_EVENT_UPLOAD_PREFIX: eventPrefix[imageTag],
  };
  const sql: Lab['sql'] = async (text, parameters = [], database = 'lf3') => {
    const connection = new Client({ host: postgres.address, user: 'langfuse', password: canary, database });
    connection.on('error', () => undefined);
    await connection.connect();
    try {
      return (await connection.query(text, [...parameters])).rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  };
  const select: Lab['clickhouse'] = async (query) =>
    /^\s*(select|show)/i.test(query)
      ? await (await client.query({ query, format: 'JSONEachRow' })).json()
      : await client.command({ query }).then(() => []);
  await eventually(async () => await sql('SELECT 1'), 50_000);
  await migratePostgres(async (text) => await sql(text), imageTag);
  await migrateClickHouse(select, imageTag);
  const redis = new Redis({ host: redisServer.address, protocol: 2 });
  redis.on('error', () => undefined);
  return {
    env,
    addresses: { postgres: postgres.address, redis: redisServer.address, objects: objects.address },
    sql,
    clickhouse: select,
    redis,
    start: (program, more = {}, scale = timeScale) => {
      const merged = Object.entries({ ...env, ...more }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      );
      const address = testAddress();
      const running = runProgram(program, {
        folder: folder.path,
        env: Object.fromEntries(merged),
        address,
        imageTag,
        timeScale: scale,
        resolve: resolveLocally,
      });
      const own = { ...running, url: `http://${address}:${more['PORT'] ?? port}` };
      started.push(own);
      return own;
    },
    close: async () => {
      await Promise.allSettled(started.map(async (program) => await program.stop()));
      redis.disconnect();
      await client.close();
      await clickhouse.kill('SIGKILL');
      await Promise.allSettled(stores.map(async (store) => await store.stop()));
      await removeRunner(runnerName);
      await folder.remove();
    },
  };
}

async function resolveLocally(name: string): Promise<string> {
  if (/^[\d.]+$/.test(name)) return name;
  throw Object.assign(new Error(`queryA ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
}

function labEnv(
  postgres: string,
  clickhouse: string,
  redis: string,
  objects: string,
): Record<string, string> {
  return {
    PORT: port,
    HOSTNAME: '127.0.0.1',
    DATABASE_URL: `postgresql://langfuse:${encodeURIComponent(canary)}@${postgres}:5432/lf3`,
    CLICKHOUSE_URL: clickhouse,
    CLICKHOUSE_MIGRATION_URL: 'clickhouse://clickhouse:9000',
    CLICKHOUSE_USER: login.username,
    CLICKHOUSE_PASSWORD: login.password,
    CLICKHOUSE_DB: 'langfuse',
    REDIS_HOST: redis,
    REDIS_PORT: '6379',
    SALT: 'labsalt',
    NEXTAUTH_SECRET: 'secret',
    NEXTAUTH_URL: 'http://localhost:3000',
    ENCRYPTION_KEY: '0'.repeat(64),
    ...bucketEnv('EVENT_UPLOAD', 'events/', objects),
    ...bucketEnv('MEDIA_UPLOAD', 'media/', objects),
    LANGFUSE_INIT_ORG_ID: 'lab-org',
    LANGFUSE_INIT_ORG_NAME: 'Lab',
    LANGFUSE_INIT_PROJECT_ID: 'lab-project',
    LANGFUSE_INIT_PROJECT_NAME: 'production',
    LANGFUSE_INIT_PROJECT_PUBLIC_KEY: 'pk-lf-lab',
    LANGFUSE_INIT_PROJECT_SECRET_KEY: 'sk-lf-lab',
  };
}

function bucketEnv(family: string, prefix: string, address: string): Record<string, string> {
  const parts = {
    BUCKET: 'langfuse',
    PREFIX: prefix,
    REGION: 'us-east-1',
    ENDPOINT: `http://${address}:9000`,
    ACCESS_KEY_ID: 'minio',
    SECRET_ACCESS_KEY: canary,
    FORCE_PATH_STYLE: 'true',
  };
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [`LANGFUSE_S3_${family}_${name}`, value]),
  );
}

export const basic = (publicKey: string, secretKey: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
});

export const labKey = basic('pk-lf-lab', 'sk-lf-lab');
