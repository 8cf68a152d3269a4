import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDirectives, splitWords } from '../../../src/sandbox/programs/redis/directives.ts';

const nowhere = (): null => null;

async function read(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Record<string, readonly string[]>> {
  return Object.fromEntries(await readDirectives(args, env, nowhere));
}

describe('what a Redis container is started with', () => {
  it('as arguments', async () => {
    expect(
      await read(['redis-server', '--requirepass', 'p', '--save', '60', '1', '--appendonly', 'yes']),
    ).toEqual({
      requirepass: ['p'],
      save: ['60', '1'],
      appendonly: ['yes'],
    });
  });

  it('as arguments of an image whose entrypoint names the server', async () => {
    expect(await read(['--maxmemory-policy', 'noeviction'])).toEqual({ 'maxmemory-policy': ['noeviction'] });
  });

  it('inside a shell, with variables and quotes', async () => {
    const script = `set -e; exec redis-server --requirepass "$REDIS_PASSWORD" --save '' --maxmemory \${LIMIT}`;
    expect(await read(['sh', '-c', script], { REDIS_PASSWORD: 'a b', LIMIT: '1gb' })).toEqual({
      requirepass: ['a b'],
      save: [''],
      maxmemory: ['1gb'],
    });
  });

  it('by the env of Bitnami’s image, when it is started without arguments', async () => {
    expect(await read([], { REDIS_PASSWORD: 'p' })).toEqual({ requirepass: ['p'] });
    expect(await read(['redis-server'], { REDIS_PASSWORD: 'p' })).toEqual({});
  });

  it('in a file, which arguments outdo', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-redis-'));
    await writeFile(
      join(folder, 'redis.conf'),
      '# comment\nmaxmemory 10mb\nrequirepass "x y"\n\nsave 60 1\n',
    );
    const args = ['redis-server', '/etc/redis/redis.conf', '--maxmemory', '20mb'];
    const found = await readDirectives(args, {}, (path) => join(folder, path.slice('/etc/redis/'.length)));
    expect(Object.fromEntries(found)).toEqual({
      maxmemory: ['20mb'],
      requirepass: ['x y'],
      save: ['60', '1'],
    });
    await rm(folder, { recursive: true, force: true });
  });

  it('in a mounted script, as Bitnami’s charts do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-redis-'));
    await writeFile(
      join(folder, 'start.sh'),
      '#!/bin/bash\nexec valkey-server --requirepass "$VALKEY_PASSWORD" --maxmemory-policy noeviction\n',
    );
    const args = ['/bin/bash', '-c', '/scripts/start.sh'];
    const hostPath = (path: string): string | null =>
      path.startsWith('/scripts/') ? join(folder, path.slice('/scripts/'.length)) : null;
    expect(Object.fromEntries(await readDirectives(args, { VALKEY_PASSWORD: 'p' }, hostPath))).toEqual({
      requirepass: ['p'],
      'maxmemory-policy': ['noeviction'],
    });
    await rm(folder, { recursive: true, force: true });
  });

  it('with the mounted password of the user default, as Valkey’s chart does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-redis-'));
    await writeFile(join(folder, 'default'), 'secret');
    const hostPath = (path: string): string | null =>
      path.startsWith('/valkey-users-secret/') ? join(folder, 'default') : null;
    expect(Object.fromEntries(await readDirectives(['valkey-server'], {}, hostPath))).toEqual({
      requirepass: ['secret'],
    });
    await rm(folder, { recursive: true, force: true });
  });

  it('splits words as a shell does', () => {
    const words = splitWords(`a 'b $X' "c \\" $X" d$X""e`, (name) => `<${name}>`);
    expect(words).toEqual(['a', 'b $X', 'c " <X>', 'd<X>e']);
  });
});
