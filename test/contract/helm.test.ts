import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openHelm } from '../../src/adapters/helm.ts';
import { openKube } from '../../src/adapters/kube.ts';
import { canary } from '../adapters/support.ts';
import type { KubeTarget } from './kube-suite.ts';
import { findProgram, openFolder } from './real/process.ts';
import { sandboxApi } from './sandbox-api.ts';
import type { Candidate } from './servers.ts';
import { onEach } from './servers.ts';

const run = promisify(execFile);

interface HelmTarget extends KubeTarget {
  readonly helm: string;
}

/** Records as the real program writes them: HELM_CONTRACT_BIN, or helm on PATH. */
const realHelm: Candidate<HelmTarget> = {
  name: "the helm program's own records",
  async find() {
    const helm = process.env['HELM_CONTRACT_BIN'] ?? (await findProgram('helm'));
    if (helm === null) return { missing: 'no helm on PATH and no HELM_CONTRACT_BIN' };
    const api = await sandboxApi.find();
    if ('missing' in api) return api;
    return {
      start: async () => {
        const { target, stop } = await api.start();
        return { target: { ...target, helm }, stop };
      },
    };
  },
};

async function chart(): Promise<string> {
  const folder = await openFolder();
  await mkdir(join(folder, 'templates'));
  await writeFile(
    join(folder, 'Chart.yaml'),
    'apiVersion: v2\nname: tiny\nversion: 1.2.3\nappVersion: 3.199.0\n',
  );
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n';
  await writeFile(join(folder, 'templates', 'map.yaml'), map);
  return folder;
}

function helmSuite(target: () => HelmTarget): void {
  it('are read as helm itself reads them', async () => {
    const { helm, namespace, admin } = target();
    const folder = await chart();
    const common = ['-n', namespace, '--kubeconfig', admin.kubeconfig ?? ''];
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    await run(helm, ['install', 'trial', folder, ...common], { env });
    const values = ['--set', `auth.password=${canary}`, '--set', 'web.replicas=2'];
    await run(helm, ['upgrade', 'trial', folder, ...values, ...common], { env });
    const kube = await openKube(admin);
    const revisions = await openHelm(kube).revisions(namespace);
    kube.close();
    const { stdout } = await run(helm, ['history', 'trial', '-o', 'json', ...common], { env });
    const history = JSON.parse(stdout) as { revision: number; status: string; description: string }[];
    expect(revisions.map(({ revision, status, description }) => ({ revision, status, description }))).toEqual(
      history.map(({ revision, status, description }) => ({ revision, status, description })),
    );
    expect(revisions[1]).toMatchObject({
      release: 'trial',
      chart: 'tiny',
      chartVersion: '1.2.3',
      appVersion: '3.199.0',
      valuePaths: ['auth.password', 'web.replicas'],
      plaintextSecretPaths: ['auth.password'],
    });
    expect(JSON.stringify(revisions)).not.toContain(canary);
  });
}

await onEach('helm', [realHelm], helmSuite);
