import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeAccess } from '../../src/ports/kube.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import { startApiServer } from '../../src/sandbox/cluster/api/server.ts';
import { createStore } from '../../src/sandbox/cluster/store.ts';
import { fakeAgent } from '../sandbox/cluster-api/fake-agent.ts';
import type { KubeTarget } from './kube-suite.ts';
import { kubeconfigText, seeds, seededPods } from './kube-seeds.ts';
import type { Candidate } from './servers.ts';

const namespace = 'contract';

/** The sandbox's API server with a kubelet that runs commands on this machine. */
export const sandboxApi: Candidate<KubeTarget> = {
  name: "the sandbox's API server",
  find: async () =>
    await Promise.resolve({
      start: async () => {
        const now = (): Date => new Date();
        const store = createStore(undefined, now);
        for (const { resource, object } of seeds(namespace)) store.create(resource, object);
        for (const { status, ...object } of seededPods(namespace)) {
          store.create(resources.pods, object);
          store.setStatus(resources.pods, namespace, object.metadata.name, status);
        }
        const users = [
          { name: 'admin', token: 'token-of-admin', groups: ['system:masters'] },
          { name: 'nobody', token: 'token-of-nobody', groups: [] },
        ];
        const agent = fakeAgent();
        const server = await startApiServer({ store, agent, address: '127.0.0.1', port: 0, users, now });
        const folder = await mkdtemp(join(tmpdir(), 'lfctl-kube-'));
        const access = async (name: string): Promise<KubeAccess> => {
          const file = join(folder, name);
          await writeFile(file, kubeconfigText(server.secureUrl, server.certificate, `token-of-${name}`));
          const { signal } = new AbortController();
          return { kubeconfig: file, requestTimeoutMs: 5000, signal, env: {} };
        };
        const target = { admin: await access('admin'), nobody: await access('nobody'), namespace };
        const stop = async (): Promise<void> => {
          await server.close();
          await rm(folder, { recursive: true, force: true });
        };
        return { target, stop };
      },
    }),
};
