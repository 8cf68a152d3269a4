import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/checks/index.gen.ts';
import { fakeHost, run, temporaryFolder } from './host.ts';

const words = async (typed: readonly string[], host = fakeHost()): Promise<string[]> => {
  const { code, stdout, stderr } = await run(['__complete', ...typed], host);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '');
};

describe('lfctl __complete', () => {
  it('offers commands, then verbs, then flags', async () => {
    expect(await words([''])).toEqual(expect.arrayContaining(['config', 'doctor', 'explain', 'sandbox']));
    expect(await words(['con'])).toEqual(['config']);
    expect(await words(['config', ''])).toEqual(['init', 'use', 'view']);
    expect(await words(['configs', 'u'])).toEqual(['use']);
    expect(await words(['config', 'view', '--so'])).toEqual(['--sources']);
    expect(await words(['-o', 'json', 'config', 'v'])).toEqual(['view']);
  });

  it('offers values of choices and of --output, apart or after an equals sign', async () => {
    expect(await words(['completion', ''])).toEqual(['bash', 'zsh', 'fish']);
    expect(await words(['completion', 'bash', ''])).toEqual([]);
    expect(await words(['sandbox', 'faults', '-o', ''])).toEqual(['text', 'json', 'yaml', 'tsv']);
    expect(await words(['sandbox', 'faults', '--output=js'])).toEqual(['json']);
    // Bash hands over the equals sign as a word of its own.
    expect(await words(['sandbox', 'faults', '--output', '=', 'js'])).toEqual(['json']);
    expect(await words(['sandbox', 'faults', '--output', '='])).toContain('yaml');
  });

  it('offers check ids and areas, faults without those that are there, schemas', async () => {
    const ids = await words(['doctor', '--only', '']);
    for (const { id, area } of checks) expect(ids).toEqual(expect.arrayContaining([id, area]));
    expect(await words(['doctor', '--only', 'redis/r'])).toEqual(['redis/reachable']);
    expect(await words(['doctor', '--only', 'web/health,redis/'])).toContain('web/health,redis/reachable');
    expect(await words(['doctor', '--only=web/health,web/h'])).toEqual([]);
    expect(await words(['sandbox', 'break', 'redis-d'])).toEqual(['redis-down']);
    expect(await words(['sandbox', 'break', 'redis-down', 'redis-d'])).toEqual([]);
    expect(await words(['schema', 'Doc'])).toEqual(['DoctorReport']);
    expect(await words(['explain', 'POSTGRES_A'])).toContain('POSTGRES_AUTH');
  });

  it('offers deployments, contexts and namespaces as the files have them now', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, 'config.yaml'),
      'deployments:\n  prod: { kubernetes: { namespace: blue } }\n  dev: {}\n',
    );
    await writeFile(
      join(folder, 'kube'),
      'contexts:\n- name: gke\n  context: { namespace: green }\n- name: kind\n',
    );
    const host = fakeHost({
      env: { LFCTL_CONFIG: join(folder, 'config.yaml'), KUBECONFIG: join(folder, 'kube') },
    });
    expect(await words(['doctor', '-d', ''], host)).toEqual(['prod', 'dev']);
    expect(await words(['config', 'use', ''], fakeHost({ env: host.env }))).toEqual(['prod', 'dev']);
    expect(await words(['--context', 'g'], fakeHost({ env: host.env }))).toEqual(['gke']);
    expect(await words(['status', '-n', ''], fakeHost({ env: host.env }))).toEqual(['green', 'blue']);
    expect(await words(['--config', join(folder, 'none.yaml'), 'doctor', '-d', ''])).toEqual([]);
  });

  it('offers the sandboxes that are there', async () => {
    const folder = await temporaryFolder();
    const host = fakeHost({ env: { XDG_STATE_HOME: folder } });
    expect(await words(['sandbox', 'down', '--name', ''], host)).toEqual([]);
    await mkdir(join(folder, 'lfctl', 'sandbox', 'second'), { recursive: true });
    await writeFile(join(folder, 'lfctl', 'sandbox', 'default.lock'), '');
    const again = fakeHost({ env: { XDG_STATE_HOME: folder } });
    expect(await words(['sandbox', 'down', '--name', ''], again)).toEqual(['second']);
  });

  it('says nothing, and never fails, where files are broken or words make no sense', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'broken.yaml'), 'a: [');
    const env = { LFCTL_CONFIG: join(folder, 'broken.yaml'), KUBECONFIG: folder };
    expect(await words(['doctor', '-d', ''], fakeHost({ env }))).toEqual([]);
    expect(await words(['doctor', '--context', ''], fakeHost({ env }))).toEqual([]);
    expect(await words([])).toContain('doctor');
    expect(await words(['no', 'such', ''])).toEqual([]);
    expect(await words(['--', 'x'])).toEqual([]);
  });
});

describe('lfctl completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks lfctl', async (shell) => {
    const { code, stdout } = await run(`completion ${shell}`);
    expect(code).toBe(0);
    expect(stdout).toContain('lfctl __complete');
  });
});
