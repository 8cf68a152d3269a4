import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployment, deployments, resource, startTestApi, tokens } from './harness.ts';
import { isOnPath, run, scratchFolder, writeKubeconfig } from './kubeconfig.ts';

const here = await isOnPath('helm');

async function writeChart(): Promise<string> {
  const folder = await scratchFolder();
  await mkdir(join(folder, 'templates'));
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\n');
  await writeFile(join(folder, 'values.yaml'), 'tag: "1"\n');
  const body = JSON.stringify(deployment('web', 'x:{{ .Values.tag }}'), null, 1);
  await writeFile(join(folder, 'templates', 'web.yaml'), body);
  return folder;
}

describe.skipIf(!here)('helm (skipped where it is not on PATH)', () => {
  it('installs, upgrades, rolls back and uninstalls', async () => {
    const { api, store } = await startTestApi();
    const kubeconfig = await writeKubeconfig(api, tokens.admin);
    const chart = await writeChart();
    const helm = async (...args: readonly string[]): Promise<string> => {
      const { code, out, error } = await run('helm', args, kubeconfig);
      if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${error}`);
      return out;
    };
    const image = (): unknown =>
      JSON.stringify(store.get(deployments, 'lf', 'web')?.['spec']).match(/"image":"([^"]+)"/)?.[1];
    await helm('install', 'demo', chart);
    expect(image()).toBe('x:1');
    await helm('upgrade', 'demo', chart, '--set', 'tag=2');
    expect(image()).toBe('x:2');
    await helm('rollback', 'demo', '1');
    expect(image()).toBe('x:1');
    expect(JSON.parse(await helm('history', 'demo', '-o', 'json'))).toHaveLength(3);
    await helm('uninstall', 'demo');
    expect(store.list(deployments)).toEqual([]);
    expect(store.list(resource('', 'v1', 'secrets'))).toEqual([]);
  });
});
