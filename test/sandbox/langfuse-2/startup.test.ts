import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../stores/host.ts';
import { ask, canary, labTimeoutMs, openLab2, send, type Lab2, type Web2Run } from './lab.ts';

let lab: Lab2;

beforeAll(async () => {
  lab = await openLab2();
}, labTimeoutMs);
afterAll(async () => await lab.close());

const password = (): string => encodeURIComponent(canary);
const failed = [
  'Applying database migrations failed. This is mostly caused by the database being unavailable.',
  'Exiting...',
];

describe('the entrypoint of 2.95', () => {
  it('migrates, says that ClickHouse is not configured, and listens', async () => {
    const run = await lab.web();
    expect(run.log[0]).toBe('Prisma schema loaded from packages/shared/prisma/schema.prisma');
    expect(run.log).toContain('All migrations have been successfully applied.');
    expect(run.log).toContain('Info: CLICKHOUSE_URL not configured, skipping migration.');
    expect(run.log).toContain('▲ Next.js 14.2.30');
    expect(await lab.sql(`SELECT to_regclass('observations_view') IS NOT NULL AS made`)).toEqual([
      { made: true },
    ]);
    await run.stop();
    const again = await lab.web();
    expect(again.log).toContain('No pending migrations to apply.');
    expect(await again.stop()).toBe(0);
  });

  it('needs a database', async () => {
    const run = lab.start({ DATABASE_URL: undefined });
    expect(await run.exit).toBe(1);
    expect(run.log).toEqual([
      'Error: Required database environment variables are not set. Provide a postgres url for DATABASE_URL.',
    ]);
  });

  it('takes the database in parts', async () => {
    const parts = {
      DATABASE_URL: undefined,
      DATABASE_HOST: lab.postgres,
      DATABASE_USERNAME: 'langfuse',
      DATABASE_PASSWORD: password(),
      DATABASE_NAME: 'lf2',
    };
    const run = await lab.web(parts);
    expect(await run.stop()).toBe(0);
  });

  it.each([
    [
      'a wrong password',
      () => `postgresql://langfuse:wrong@${lab.postgres}:5432/lf2`,
      () => [
        `Error: P1000: Authentication failed against database server at \`${lab.postgres}\`, the provided database credentials for \`langfuse\` are not valid.`,
        '',
        `Please make sure to provide valid database credentials for the database server at \`${lab.postgres}\`.`,
      ],
    ],
    [
      'no server',
      () => `postgresql://langfuse:x@127.0.0.1:1/lf2`,
      () => [
        "Error: P1001: Can't reach database server at `127.0.0.1:1`",
        '',
        'Please make sure your database server is running at `127.0.0.1:1`.',
      ],
    ],
    [
      'no such database',
      () => `postgresql://langfuse:${password()}@${lab.postgres}:5432/none`,
      () => [
        `Error: P1003: Database \`none.public\` does not exist on the database server at \`${lab.postgres}:5432\`.`,
      ],
    ],
  ])('with %s ends with Prisma 5’s text', async (_what, url, text) => {
    const run = lab.start({ DATABASE_URL: url() });
    expect(await run.exit).toBe(1);
    expect(run.log.slice(2)).toEqual([...text(), ...failed]);
  });

  it('uses DIRECT_URL for migrations', async () => {
    const run = lab.start({ DIRECT_URL: 'postgresql://langfuse:x@127.0.0.1:1/lf2' });
    expect(await run.exit).toBe(1);
  });

  it('stops at a failed migration', async () => {
    await lab.sql(`INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)
      VALUES ('broken', 'x', '20990101000000_broken', now(), 0)`);
    const run = lab.start();
    expect(await run.exit).toBe(1);
    expect(run.log.join('\n')).toMatch(/Error: P3009[^]*20990101000000_broken[^]*Exiting\.\.\./);
    await lab.sql(`DELETE FROM _prisma_migrations WHERE id = 'broken'`);
  });
});

describe('variables', () => {
  it.each([
    ['SALT', undefined, 'A strong Salt is required to encrypt API keys securely.'],
    ['NEXTAUTH_SECRET', undefined, "NEXTAUTH_SECRET: [ 'Required' ]"],
    ['NEXTAUTH_URL', 'no url', "NEXTAUTH_URL: [ 'Invalid url' ]"],
    ['ENCRYPTION_KEY', 'short', 'ENCRYPTION_KEY must be 256 bits'],
    ['TELEMETRY_ENABLED', 'yes', "Expected \\'true\\' | \\'false\\', received \\'yes\\'"],
    ['REDIS_PORT', 'x', 'Expected number, received nan'],
  ])('%s=%s: 500 to everything for as long as it runs', async (name, value, text) => {
    const run = await lab.web({ [name]: value });
    const log = await eventually(async () => {
      const lines = run.log.join('\n');
      expect(lines).toContain('Invalid environment variables\n');
      return lines;
    });
    expect(log).toContain('❌ Invalid environment variables:');
    expect(log.replaceAll('\\', '')).toContain(text.replaceAll('\\', ''));
    for (const path of ['/api/public/health', '/'])
      expect(await ask(`${run.url}${path}`)).toEqual([500, 'Internal Server Error']);
    expect(await run.stop()).toBe(0);
  });

  it.each([
    ['LANGFUSE_LOG_LEVEL', 'loud'],
    ['LANGFUSE_LOG_FORMAT', 'xml'],
    ['CLICKHOUSE_URL', 'nowhere'],
  ])('%s=%s: 500 as well, and nothing tells why', async (name, value) => {
    const run = await lab.web({ [name]: value });
    expect(await ask(`${run.url}/api/public/health`)).toEqual([500, 'Internal Server Error']);
    const log = run.log.join('\n');
    expect(log).toContain('Failed to prepare server TypeError: Cannot set property message of Error');
    expect(log).not.toContain(value);
    await run.stop();
  });

  it('provision organisation, project, key and user', async () => {
    const run = await lab.web();
    expect(await lab.sql('SELECT email FROM users')).toEqual([{ email: 'admin@example.test' }]);
    expect(await lab.sql('SELECT role FROM organization_memberships')).toEqual([{ role: 'OWNER' }]);
    expect((await ask(`${run.url}/api/public/projects`))[0]).toBe(200);
    await run.stop();
  });

  it('without LANGFUSE_INIT_ORG_ID the rest is passed over in silence', async () => {
    const run = await lab.web({ LANGFUSE_INIT_ORG_ID: undefined });
    expect(run.log.join('\n')).not.toMatch(/LANGFUSE_INIT/);
    await run.stop();
  });
});

describe('a database that is gone', () => {
  let run: Web2Run;
  const error = { message: 'Internal Server Error', error: 'An unknown error occurred' };

  beforeAll(async () => {
    run = await lab.web({
      DATABASE_URL: 'postgresql://langfuse:x@127.0.0.1:1/lf2',
      LANGFUSE_AUTO_POSTGRES_MIGRATION_DISABLED: 'true',
      LANGFUSE_INIT_ORG_ID: undefined,
    });
  });
  afterAll(async () => await run.stop());

  it.each([
    ['health', 200, { status: 'OK', version: '2.95.12' }],
    ['ready', 200, { status: 'OK', version: '2.95.12' }],
    ['health?failIfDatabaseUnavailable=true', 503, { status: 'Database not available', version: '2.95.12' }],
    ['health?failIfNoRecentEvents=true', 503, { status: "Couldn't fetch recent events", version: '2.95.12' }],
    ['traces', 500, error],
    ['v2/prompts/p', 500, error],
    ['projects', 500, 'Internal Server Error'],
  ])('%s: %i', async (path, status, body) => {
    expect(await ask(`${run.url}/api/public/${path}`)).toEqual([status, body]);
  });

  it('a batch is 500 as a whole', async () => {
    expect(await send(run, [['trace-create', {}]])).toEqual([500, { error: 'Internal Server Error' }]);
    expect(run.log.join('\n')).toContain("Can't reach database server at `127.0.0.1:1`");
  });
});

describe('the end', () => {
  it('is told by ready, while all else is served on', async () => {
    const run = await lab.web({}, 20);
    const stopped = run.stop();
    const stopping = { status: 'SIGTERM / SIGINT received, shutting down', version: '2.95.12' };
    expect(await ask(`${run.url}/api/public/ready`)).toEqual([500, stopping]);
    expect((await ask(`${run.url}/api/public/projects`))[0]).toBe(200);
    expect(await stopped).toBe(0);
    const log = run.log.join('\n');
    expect(log).toContain('SIGTERM / SIGINT received. Shutting down in 110 seconds.');
    expect(log).toContain('Redis status undefined');
  });
});
