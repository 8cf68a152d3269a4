import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alone } from '../../../src/sandbox/lock.ts';
import { findPart, partsFor, requireParts } from '../../../src/sandbox/parts.ts';
import { identify, isAlive, signalProcess } from '../../../src/sandbox/process-identity.ts';
import { makeFolder, outsidePaths, sandboxFolder } from '../../../src/sandbox/state.ts';
import { requireRoom } from '../../../src/sandbox/verbs/room.ts';
import { readStateJson, writeStateJson } from '../../../src/sandbox/state-file.ts';

let root = '';
/** As root, pods live under the temporary folder: see makeFolder. */
let outside: readonly string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lfctl-state-'));
});
afterEach(async () => {
  for (const path of [root, ...outside]) await rm(path, { recursive: true, force: true });
});

async function sleeper(): Promise<{ pid: number; end: () => Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  const end = (): Promise<unknown> => {
    child.kill('SIGKILL');
    return exited;
  };
  return { pid: child.pid ?? 0, end };
}

describe('a sandbox folder', () => {
  it.each(['', 'Upper', '../up', 'a/b', '-a', 'a'.repeat(41)])('refuses the name %j', (name) => {
    expect(() => sandboxFolder(root, name)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('keeps its control socket short enough for the system', () => {
    const deep = join(root, 'x'.repeat(120));
    expect(Buffer.byteLength(sandboxFolder(deep, 'a').controlSocket)).toBeLessThan(104);
  });

  it('says what is wrong when it cannot be written', async () => {
    await writeFile(join(root, 'sandbox'), 'a file, not a folder');
    const made = makeFolder(sandboxFolder(root, 'a'));
    await expect(made).rejects.toMatchObject({
      code: 'SANDBOX_DISK',
      message: expect.stringContaining('ENOTDIR'),
    });
  });

  it('is closed to others where it holds secrets', async () => {
    const folder = sandboxFolder(root, 'a');
    await makeFolder(folder);
    outside = outsidePaths(folder);
    await writeStateJson(folder.record, { adminToken: 'canary' });
    expect((await stat(folder.record)).mode & 0o077).toBe(0);
    expect((await stat(folder.root)).mode & 0o066).toBe(0);
  });

  it('is not kept when the disk has no room for it', async () => {
    const folder = sandboxFolder(root, 'a');
    await makeFolder(folder);
    const room = requireRoom(folder, Number.MAX_SAFE_INTEGER);
    await expect(room).rejects.toMatchObject({
      code: 'SANDBOX_DISK',
      message: expect.stringContaining('MB'),
    });
    for (const path of [folder.root, ...outsidePaths(folder)])
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('reads half a file as none', async () => {
    await writeFile(join(root, 'half.json'), '{"a": 1');
    expect(await readStateJson(join(root, 'half.json'))).toBeNull();
  });
});

describe('the lock of the verbs', () => {
  it('names who holds it', async () => {
    const path = join(root, 'a.lock');
    let second: Promise<unknown> = Promise.resolve();
    await alone(path, 'up', async () => {
      second = alone(path, 'down', () => Promise.resolve());
      await expect(second).rejects.toMatchObject({
        code: 'SANDBOX_BUSY',
        message: expect.stringContaining('sandbox up'),
      });
    });
    await alone(path, 'down', () => Promise.resolve());
  });

  it('is taken over from a process that is gone, or whose pid another one has', async () => {
    const path = join(root, 'a.lock');
    const other = await sleeper();
    await writeFile(path, JSON.stringify({ pid: other.pid, started: 'another start', verb: 'up' }));
    expect(await alone(path, 'down', () => readFile(path, 'utf8'))).toContain('"down"');
    await other.end();
    await writeFile(path, JSON.stringify({ ...identify(process.pid), pid: other.pid, verb: 'up' }));
    expect(await alone(path, 'down', () => Promise.resolve('done'))).toBe('done');
  });

  it('is given back when the verb fails', async () => {
    const path = join(root, 'a.lock');
    await expect(alone(path, 'up', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await alone(path, 'up', () => Promise.resolve(1))).toBe(1);
  });
});

describe('a process', () => {
  it('is known by pid and start time together', async () => {
    const child = await sleeper();
    const identity = identify(child.pid);
    expect(identity !== null && isAlive(identity)).toBe(true);
    expect(isAlive({ pid: child.pid, started: 'earlier' })).toBe(false);
    expect(signalProcess({ pid: child.pid, started: 'earlier' }, 'SIGKILL')).toBe(false);
    expect(identity !== null && signalProcess(identity, 'SIGKILL')).toBe(true);
    await child.end();
    expect(identity !== null && isAlive(identity)).toBe(false);
  });
});

describe('the parts that are not bundled', () => {
  it('are named when they are missing, with the line that installs them', () => {
    expect(() => requireParts(3, [root])).toThrow(
      expect.objectContaining({
        code: 'SANDBOX_PART_MISSING',
        message: expect.stringMatching(/Postgres .*ClickHouse \(chdb\)/),
        fixes: [expect.objectContaining({ command: 'lfctl sandbox install' })],
      }),
    );
    expect(() => requireParts(2, [root])).toThrow(/Postgres/);
    expect(partsFor(2).map(({ name }) => name)).toEqual(['Postgres']);
  });

  it('are taken from the first folder that has them', async () => {
    const chdb = { name: 'ClickHouse', package: 'chdb', installs: 'chdb' } as const;
    for (const name of ['one', 'two']) {
      const folder = join(root, name, 'node_modules', 'chdb');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), '{}');
    }
    expect(findPart(chdb, [join(root, 'none'), join(root, 'two'), join(root, 'one')])).toBe(
      join(root, 'two'),
    );
  });
});
