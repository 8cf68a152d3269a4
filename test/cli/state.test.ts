import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFingerprinter, openStateFolder } from '../../src/cli/state.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { temporaryFolder } from './host.ts';

describe('the state folder', () => {
  it('is made on first use for its owner alone', async () => {
    const home = await temporaryFolder();
    const folder = await openStateFolder({ env: {}, homeFolder: home })();
    expect(folder).toBe(join(home, '.local/state/lfctl'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const env = { XDG_STATE_HOME: join(home, 'state') };
    expect(await openStateFolder({ env, homeFolder: null })()).toBe(join(home, 'state/lfctl'));
  });

  it('is one of the temporary folder where the home folder is not there', async () => {
    const homeFolder = join(await temporaryFolder(), 'gone');
    const folder = await openStateFolder({ env: {}, homeFolder })();
    expect(folder).toBe(join(tmpdir(), `lfctl-${String(process.getuid?.() ?? 'user')}`));
    await expect(stat(homeFolder)).rejects.toMatchObject({ code: 'ENOENT' });
    const env = { XDG_STATE_HOME: join(homeFolder, 'state') };
    expect(await openStateFolder({ env, homeFolder })()).toBe(join(homeFolder, 'state/lfctl'));
  });

  it('is refused with a code where it cannot be', async () => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'file'), '');
    const open = openStateFolder({ env: { XDG_STATE_HOME: join(home, 'file') }, homeFolder: null });
    await expect(open()).rejects.toBeInstanceOf(LfctlError);
    await expect(open()).rejects.toMatchObject({ code: 'STATE_FOLDER', exit: 'config' });
  });
});

describe('fingerprints', () => {
  const at = (folder: string): Promise<(value: string) => string> =>
    openFingerprinter(() => Promise.resolve(folder))();

  it('are the same on one machine, different on another, and 8 hex', async () => {
    const here = await temporaryFolder();
    const there = await temporaryFolder();
    const print = (await at(here))('secret');
    expect(print).toMatch(/^[0-9a-f]{8}$/);
    expect((await at(here))('secret')).toBe(print);
    expect((await at(here))('other')).not.toBe(print);
    expect((await at(there))('secret')).not.toBe(print);
    expect((await stat(join(here, 'fingerprint.key'))).mode & 0o777).toBe(0o600);
  });

  it('agree between two runs that start at once', async () => {
    const folder = await temporaryFolder();
    const prints = await Promise.all(Array.from({ length: 8 }, async () => (await at(folder))('secret')));
    expect(new Set(prints)).toHaveProperty('size', 1);
  });

  it('have a new key when the old one is damaged, and one for the run where none can be kept', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'fingerprint.key'), 'not hex\n');
    const print = (await at(folder))('secret');
    expect((await at(folder))('secret')).toBe(print);
    expect(await readFile(join(folder, 'fingerprint.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    await chmod(folder, 0o500);
    const none = await openFingerprinter(() => Promise.reject(new Error('read-only')))();
    expect(none('secret')).toBe(none('secret'));
    await chmod(folder, 0o700);
  });
});
