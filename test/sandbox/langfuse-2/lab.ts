import { join } from 'node:path';
import { Client } from 'pg';
import { objectsProgram } from '../../../src/sandbox/programs/objects.ts';
import { postgresProgram } from '../../../src/sandbox/programs/postgres.ts';
import { langfuseWeb2 } from '../../../src/sandbox/programs/langfuse-web-2/program.ts';
import { basic } from '../langfuse/lab.ts';
import { eventually, runProgram, testAddress, testFolder, type RunningProgram } from '../stores/host.ts';

/** Postgres and an object store: all that Langfuse 2 can use. */
export interface Lab2 {
  readonly env: Readonly<Record<string, string>>;
  readonly postgres: string;
  readonly objects: string;
  readonly sql: (text: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  /** The whole image, entrypoint first, with the lab's env and more; undefined takes a variable away. */
  readonly start: (more?: Readonly<Record<string, string | undefined>>, timeScale?: number) => Web2Run;
  /** The same, once it answers. */
  readonly web: (more?: Readonly<Record<string, string | undefined>>, timeScale?: number) => Promise<Web2Run>;
  readonly close: () => Promise<void>;
}

export interface Web2Run extends RunningProgram {
  readonly url: string;
}

/** Postgres and the migrations may take their time on a busy machine. */
export const labTimeoutMs = 180_000;

export const canary = "canary-s3cret'pw";
const port = '13000';

const key = basic('pk-lf-lab', 'sk-lf-lab');

export async function openLab2(): Promise<Lab2> {
  const folder = await testFolder();
  const postgres = runProgram(postgresProgram, {
    folder: join(folder.path, 'postgres'),
    mounts: { '/var/lib/postgresql/data': join(folder.path, 'pgdata') },
    env: { POSTGRES_USER: 'langfuse', POSTGRES_PASSWORD: canary, POSTGRES_DB: 'lf2' },
  });
  const objects = runProgram(objectsProgram, {
    folder: join(folder.path, 'objects'),
    env: { MINIO_ROOT_USER: 'minio', MINIO_ROOT_PASSWORD: canary, MINIO_DEFAULT_BUCKETS: 'langfuse' },
  });
  const env = labEnv(postgres.address, objects.address);
  const sql: Lab2['sql'] = async (text, parameters = []) => {
    const connection = new Client({
      connectionString: env['DATABASE_URL'] ?? '',
      options: '-c timezone=UTC',
    });
    connection.on('error', () => undefined);
    await connection.connect();
    try {
      return (await connection.query<Record<string, unknown>>(text, [...parameters])).rows;
    } finally {
      await connection.end();
    }
  };
  await eventually(async () => await sql('SELECT 1'), 50_000);
  const started: Web2Run[] = [];
  // Graces and drains are over at once.
  const start: Lab2['start'] = (more = {}, timeScale = 10_000) => {
    const merged = Object.entries({ ...env, ...more }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const address = testAddress();
    const running = runProgram(langfuseWeb2, {
      folder: folder.path,
      env: Object.fromEntries(merged),
      address,
      imageTag: '2.95.12',
      timeScale,
      resolve: resolveLocally,
    });
    const run = { ...running, url: `http://${address}:${port}` };
    started.push(run);
    return run;
  };
  return {
    env,
    postgres: postgres.address,
    objects: objects.address,
    sql,
    start,
    web: async (more, timeScale) => {
      const run = start(more, timeScale);
      await eventually(async () => await fetch(`${run.url}/api/public/health`));
      return run;
    },
    close: async () => {
      await Promise.allSettled(started.map(async (run) => await run.stop()));
      await Promise.allSettled([postgres.stop(), objects.stop()]);
      await folder.remove();
    },
  };
}

async function resolveLocally(name: string): Promise<string> {
  if (/^[\d.]+$/.test(name)) return name;
  throw Object.assign(new Error(`queryA ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
}

function labEnv(postgres: string, objects: string): Record<string, string> {
  const bucket = {
    REGION: 'us-east-1',
    ENDPOINT: `http://${objects}:9000`,
    ACCESS_KEY_ID: 'minio',
    SECRET_ACCESS_KEY: canary,
    FORCE_PATH_STYLE: 'true',
  };
  const named = (prefix: string): Record<string, string> =>
    Object.fromEntries(Object.entries(bucket).map(([name, value]) => [`${prefix}${name}`, value]));
  return {
    PORT: port,
    HOSTNAME: '0.0.0.0',
    DATABASE_URL: `postgresql://langfuse:${encodeURIComponent(canary)}@${postgres}:5432/lf2`,
    SALT: 'labsalt',
    NEXTAUTH_SECRET: 'secret',
    NEXTAUTH_URL: 'http://localhost:3000',
    TELEMETRY_ENABLED: 'false',
    ...named('S3_'),
    S3_BUCKET_NAME: 'langfuse',
    ...named('LANGFUSE_S3_MEDIA_UPLOAD_'),
    LANGFUSE_S3_MEDIA_UPLOAD_ENABLED: 'true',
    LANGFUSE_S3_MEDIA_UPLOAD_BUCKET: 'langfuse',
    LANGFUSE_S3_MEDIA_UPLOAD_PREFIX: 'media/',
    LANGFUSE_INIT_ORG_ID: 'lab-org',
    LANGFUSE_INIT_PROJECT_ID: 'lab-project',
    LANGFUSE_INIT_PROJECT_NAME: 'production',
    LANGFUSE_INIT_PROJECT_PUBLIC_KEY: 'pk-lf-lab',
    LANGFUSE_INIT_PROJECT_SECRET_KEY: 'sk-lf-lab',
    LANGFUSE_INIT_USER_EMAIL: 'Admin@example.test',
    LANGFUSE_INIT_USER_PASSWORD: canary,
  };
}

/** A JSON answer with its status. */
export type Answered = readonly [status: number, body: unknown];

/** Asks with the lab's key unless headers say otherwise. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answered> {
  const answer = await fetch(url, { ...init, headers: { ...key, ...headersOf(init) } });
  const text = await answer.text();
  try {
    return [answer.status, JSON.parse(text) as unknown];
  } catch {
    return [answer.status, text];
  }
}

function headersOf({ headers, body }: RequestInit): Record<string, string> {
  const given = Object.fromEntries(new Headers(headers).entries());
  return body === undefined ? given : { 'content-type': 'application/json', ...given };
}

/** Sends events of the given types and bodies as one batch. */
export async function send(
  web: Web2Run,
  events: readonly (readonly [type: string, body: unknown])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const timestamp = new Date().toISOString();
  const batch = events.map(([type, body], index) => ({ id: `e${index}`, type, timestamp, body }));
  return await ask(`${web.url}/api/public/ingestion`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ batch }),
  });
}
