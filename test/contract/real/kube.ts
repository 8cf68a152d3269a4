import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { KubeAccess } from '../../../src/ports/kube.ts';
import { seeds } from '../kube-seeds.ts';
import type { KubeTarget } from '../kube-suite.ts';
import type { Candidate, Started } from '../servers.ts';
import { findProgram } from './process.ts';

const run = promisify(execFile);

/** A cluster that the tests may create and remove a namespace in: the kubeconfig that KUBECONFIG_CONTRACT names. */
export const contractCluster: Candidate<KubeTarget> = {
  name: 'the cluster of KUBECONFIG_CONTRACT',
  async find() {
    const file = process.env['KUBECONFIG_CONTRACT'];
    if (file === undefined) return { missing: 'KUBECONFIG_CONTRACT is not set' };
    const kubectl = await findProgram('kubectl');
    if (kubectl === null) return { missing: 'no kubectl on PATH' };
    return { start: async () => await start(kubectl, file) };
  },
};

const users = v.object({
  users: v.array(v.object({ name: v.string(), user: v.record(v.string(), v.unknown()) })),
});

async function start(kubectl: string, file: string): Promise<Started<KubeTarget>> {
  const namespace = `lfctl-contract-${process.pid}`;
  const objects = seeds(namespace).map((one) => one.object);
  await apply(kubectl, file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-kube-'));
  const nobody = join(folder, 'nobody');
  await writeFile(
    nobody,
    JSON.stringify(await actingAs(kubectl, file, `system:serviceaccount:${namespace}:nobody`)),
  );
  const access = (kubeconfig: string): KubeAccess => {
    const { signal } = new AbortController();
    return { kubeconfig, requestTimeoutMs: 10_000, signal, env: { ...process.env } };
  };
  return {
    target: { admin: access(file), nobody: access(nobody), namespace },
    stop: async () => {
      await run(kubectl, ['--kubeconfig', file, 'delete', 'namespace', namespace, '--wait=false']);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function apply(kubectl: string, file: string, text: string): Promise<void> {
  const child = spawn(kubectl, ['--kubeconfig', file, 'create', '-f', '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(text);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`kubectl create ended with ${String(code)}`);
}

/** The same access on behalf of an account without any right. */
async function actingAs(kubectl: string, file: string, name: string): Promise<unknown> {
  const { stdout } = await run(kubectl, [
    '--kubeconfig',
    file,
    'config',
    'view',
    '--raw',
    '--flatten',
    '-o',
    'json',
  ]);
  const config: unknown = JSON.parse(stdout);
  const acting = v
    .parse(users, config)
    .users.map((one) => ({ name: one.name, user: { ...one.user, as: name } }));
  return { ...(config as object), users: acting };
}
