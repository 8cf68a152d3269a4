import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebProgram } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { canary, openLab, type Lab } from './lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
}, 60_000);
afterAll(async () => await lab.close());

type Change = Readonly<Record<string, string | undefined>>;

/** Faults that end the container before the server starts, and a line that says which. */
const refusals: readonly (readonly [fault: string, change: () => Change, line: string | RegExp])[] = [
  [
    'DATABASE_URL missing',
    () => ({ DATABASE_URL: undefined }),
    'Error: Required database environment variables are not set. Provide a postgres url for DATABASE_URL.',
  ],
  [
    'CLICKHOUSE_URL missing',
    () => ({ CLICKHOUSE_URL: undefined }),
    'Error: CLICKHOUSE_URL is not configured. Migrating from V2? Check out migration guide: https://langfuse.com/self-hosting/upgrade-guides/upgrade-v2-to-v3',
  ],
  [
    'Postgres refuses',
    () => ({ DATABASE_URL: 'postgresql://u:p@127.0.0.1:15999/lf3' }),
    "Error: P1001: Can't reach database server at `127.0.0.1:15999`",
  ],
  [
    'Postgres host unknown',
    () => ({ DATABASE_URL: 'postgresql://u:p@nowhere.example:5432/lf3' }),
    "Error: P1001: Can't reach database server at `nowhere.example:5432`",
  ],
  [
    'wrong password',
    () => ({ DATABASE_URL: `postgresql://langfuse:no@${lab.addresses.postgres}:5432/lf3` }),
    'Error: P1000: Authentication failed against database server, the provided database credentials for `langfuse` are not valid.',
  ],
  [
    'wrong database',
    () => ({ DATABASE_URL: lab.env['DATABASE_URL']?.replace('/lf3', '/nope') }),
    'Error: P1003: Database `nope` does not exist on the database server',
  ],
  [
    'unencoded password',
    () => ({ DATABASE_URL: 'postgresql://langfuse:a/b#c@db.example:5432/lf3' }),
    /^Error: P1013: The provided database string is invalid\. .*in database URL\./,
  ],
  [
    'DIRECT_URL differs',
    () => ({ DIRECT_URL: 'postgresql://u:p@127.0.0.1:15999/lf3' }),
    "Error: P1001: Can't reach database server at `127.0.0.1:15999`",
  ],
  [
    'CLICKHOUSE_MIGRATION_URL missing',
    () => ({ CLICKHOUSE_MIGRATION_URL: undefined }),
    'Error: CLICKHOUSE_MIGRATION_URL is not configured.',
  ],
  ['CLICKHOUSE_USER missing', () => ({ CLICKHOUSE_USER: undefined }), 'Error: CLICKHOUSE_USER is not set.'],
  [
    'CLICKHOUSE_PASSWORD missing',
    () => ({ CLICKHOUSE_PASSWORD: undefined }),
    'Error: CLICKHOUSE_PASSWORD is not set.',
  ],
  [
    'ClickHouse password wrong',
    () => ({ CLICKHOUSE_PASSWORD: 'no' }),
    /^error: code: 516, message: .*Authentication failed: password is incorrect/,
  ],
  [
    'ClickHouse refuses',
    () => ({ CLICKHOUSE_URL: 'http://127.0.0.1:15996' }),
    'error: dial tcp 127.0.0.1:15996: connect: connection refused',
  ],
];

describe('stage entrypoint: web exits 1 and says why', () => {
  it.each(refusals)('%s', async (_fault, change, line) => {
    const web = lab.start(langfuseWebProgram, change());
    expect(await web.exit).toBe(1);
    expect(web.log).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(web.log.join('\n')).not.toContain(canary);
    expect(web.log.join('\n')).not.toContain('Next.js');
  });

  it('closes a failed migration with the block of the image', async () => {
    const web = lab.start(langfuseWebProgram, { DATABASE_URL: 'postgresql://u:p@127.0.0.1:15999/lf3' });
    await web.exit;
    expect(web.log).toContain('Applying database migrations failed. Common causes:');
    expect(web.log.join('\n')).not.toContain('HINT');
    expect(web.log.at(-1)).toBe('Exiting...');
    const unencoded = lab.start(langfuseWebProgram, {
      DATABASE_URL: 'postgresql://u:p@ss@127.0.0.1:15999/lf3',
    });
    await unencoded.exit;
    expect(unencoded.log.join('\n')).toMatch(/^HINT: Your DATABASE_URL .* not URL-encoded\.$/m);
  });

  it('stops at a migration that failed before (P3009)', async () => {
    await lab.sql(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, started_at, applied_steps_count)
       VALUES ('broken', 'x', '20990101000000_broken', 'no space left', now(), 0)`,
    );
    const web = lab.start(langfuseWebProgram);
    expect(await web.exit).toBe(1);
    expect(web.log.join('\n')).toMatch(/P3009[\s\S]*20990101000000_broken/);
    await lab.sql(`DELETE FROM _prisma_migrations WHERE id = 'broken'`);
  });

  it('stops at a dirty ClickHouse version', async () => {
    await lab.clickhouse(
      'INSERT INTO schema_migrations (version, dirty, sequence) VALUES (34, 1, 9000000000000000000)',
    );
    const web = lab.start(langfuseWebProgram);
    expect(await web.exit).toBe(1);
    expect(web.log).toContain('error: Dirty database version 34. Fix and force version.');
    const skipped = lab.start(langfuseWebProgram, { LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED: 'true' });
    expect((await eventually(async () => await fetch(`${skipped.url}/api/public/health`))).status).toBe(200);
    expect(await skipped.stop()).toBe(0);
    await lab.clickhouse('DELETE FROM schema_migrations WHERE dirty = 1 AND sequence = 9000000000000000000');
  });

  it('goes on to the server with a database in parts, whose port the image ignores', async () => {
    const plain = 'letters';
    await lab.sql(`CREATE ROLE parts LOGIN SUPERUSER PASSWORD '${plain}'`);
    const web = lab.start(langfuseWebProgram, {
      DATABASE_URL: undefined,
      DATABASE_HOST: lab.addresses.postgres,
      DATABASE_PORT: '1',
      DATABASE_USERNAME: 'parts',
      DATABASE_PASSWORD: plain,
      DATABASE_NAME: 'lf3',
    });
    expect((await eventually(async () => await fetch(`${web.url}/api/public/health`))).status).toBe(200);
    expect(web.log).toContain('No pending migrations to apply.');
    expect(await web.stop()).toBe(0);
  });
});

describe('stage entrypoint: an empty installation', () => {
  it('migrates both databases before it serves', async () => {
    await lab.sql('CREATE DATABASE fresh');
    await lab.clickhouse('CREATE DATABASE fresh');
    const web = lab.start(langfuseWebProgram, {
      DATABASE_URL: lab.env['DATABASE_URL']?.replace('/lf3', '/fresh'),
      CLICKHOUSE_DB: 'fresh',
    });
    expect((await eventually(async () => await fetch(`${web.url}/api/public/health`))).status).toBe(200);
    expect(web.log).toContain('All migrations have been successfully applied.');
    const [row] = await lab.sql('SELECT count(*) AS n FROM api_keys', [], 'fresh');
    expect(row).toEqual({ n: '1' });
    expect(
      await lab.clickhouse("SELECT name FROM system.tables WHERE database = 'fresh' AND name = 'traces'"),
    ).toHaveLength(1);
  });
});
