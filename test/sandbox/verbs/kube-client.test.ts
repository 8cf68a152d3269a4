import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeSecret, Workload } from '../../../src/ports/kube-objects.ts';
import type { ApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import { startApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import type { SnapshotStore } from '../../../src/sandbox/cluster/store.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import { faultKube } from '../../../src/sandbox/fault-kube.ts';
import { kubeClient } from '../../../src/sandbox/kube-client.ts';
import { processParts, workloadParts } from '../../../src/sandbox/verbs/parts.ts';
import { fakeAgent } from '../cluster-api/fake-agent.ts';

const canary = 'canary-admin-token';
const secrets = { group: '', version: 'v1', plural: 'secrets' };
const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };
const pods = { group: '', version: 'v1', plural: 'pods' };
const now = (): Date => new Date('2026-11-20T12:00:00Z');

let store: SnapshotStore;
let api: ApiServer;
beforeEach(async () => {
  store = createStore(undefined, now);
  store.create({ group: '', version: 'v1', plural: 'namespaces' }, { metadata: { name: 'a' } });
  const users = [{ name: 'admin', token: canary, groups: ['system:masters'] }];
  api = await startApiServer({ store, agent: fakeAgent(), address: '127.0.0.1', port: 0, users, now });
});
afterEach(() => api.close());

const client = (token = canary): ReturnType<typeof kubeClient> => kubeClient({ server: api.url, token });

function deployment(replicas: number): Workload {
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: 'langfuse/langfuse:3.199.0' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'a' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

function pod(status: object): void {
  const metadata = { name: 'web-1', namespace: 'a', labels: { app: 'web' } };
  const spec = { containers: [{ name: 'web', image: 'langfuse/langfuse:3.199.0' }] };
  store.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec } as never);
  store.setStatus(pods, 'a', 'web-1', status);
}

describe('the client of the sandbox', () => {
  it('reads, writes and removes, and knows what is not there', async () => {
    await client().create(secrets, { metadata: { name: 's', namespace: 'a' } });
    await faultKube(client(), now).setSecret('a', 's', { SALT: 'x', OLD: 'y' });
    await faultKube(client(), now).setSecret('a', 's', { OLD: null });
    const found = await client().get<KubeSecret>(secrets, 'a', 's');
    expect(found?.data).toEqual({ SALT: Buffer.from('x').toString('base64') });
    await client().remove(secrets, 'a', 's');
    expect(await client().get(secrets, 'a', 's')).toBeNull();
    expect(await client().list(secrets, 'a')).toEqual([]);
  });

  it('says what the API refuses, and keeps the token to itself', async () => {
    const refused = await client(`${canary}-wrong`)
      .list(secrets, 'a')
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'KUBE_API', message: expect.stringContaining('401') });
    expect(JSON.stringify(refused) + String(refused)).not.toContain(canary);
  });

  it('says that the sandbox does not run when nothing listens', async () => {
    const dead = kubeClient({ server: api.url, token: canary });
    await api.close();
    const refused = await dead.list(secrets, 'a').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'SANDBOX_NOT_RUNNING' });
    expect(String(refused)).not.toContain(canary);
    api = await startApiServer({ store, agent: fakeAgent(), address: '127.0.0.1', port: 0, users: [], now });
  });

  it('does not take a cut or foreign answer for an object', async () => {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-length': 100 });
      answer.write('{"items":', () => setImmediate(() => answer.destroy()));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const broken = kubeClient({ server: `http://127.0.0.1:${port}`, token: canary });
    await expect(broken.list(secrets, 'a')).rejects.toMatchObject({ code: 'SANDBOX_NOT_RUNNING' });
    server.close();
  });
});

describe('the parts of a sandbox', () => {
  it('names a workload that is scaled to zero', async () => {
    store.create(deployments, deployment(0));
    expect(await workloadParts(client(), now())).toEqual([
      expect.objectContaining({ id: 'a/web', status: 'down', detail: 'scaled to zero' }),
    ]);
  });

  it('names the pod that crashes', async () => {
    store.create(deployments, deployment(1));
    store.setStatus(deployments, 'a', 'web', { observedGeneration: 1, replicas: 1, updatedReplicas: 1 });
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    pod({ containerStatuses: [{ name: 'web', ready: false, restartCount: 3, state }] });
    const [part] = await workloadParts(client(), now());
    expect(part).toMatchObject({ status: 'down', ready: 0, wanted: 1, detail: 'web-1: CrashLoopBackOff' });
  });

  it('are up only when the newest template is ready', async () => {
    store.create(deployments, deployment(1));
    store.setStatus(deployments, 'a', 'web', { observedGeneration: 0, readyReplicas: 1, updatedReplicas: 1 });
    expect(await workloadParts(client(), now())).toEqual([expect.objectContaining({ status: 'starting' })]);
    store.setStatus(deployments, 'a', 'web', { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 });
    expect(await workloadParts(client(), now())).toEqual([expect.objectContaining({ status: 'up' })]);
  });

  it('tell of a restart that is over', async () => {
    store.create(deployments, deployment(1));
    store.setStatus(deployments, 'a', 'web', { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 });
    const lastState = { terminated: { exitCode: 137, finishedAt: '2026-11-20T11:59:50Z' } };
    pod({ containerStatuses: [{ name: 'web', ready: true, restartCount: 1, lastState }] });
    const [part] = await workloadParts(client(), now());
    expect(part).toMatchObject({ status: 'up', detail: 'web-1 was restarted 10 s ago after exit code 137' });
  });

  it('are down when there is no supervisor', () => {
    expect(processParts(null, false).map(({ id, status }) => [id, status])).toEqual([
      ['supervisor', 'down'],
      ['api', 'down'],
      ['load-balancer', 'down'],
    ]);
  });
});

describe('what a fault does', () => {
  it('scales and comes back when the pods are gone', async () => {
    store.create(deployments, deployment(1));
    pod({ phase: 'Running' });
    const kube = faultKube(client(), now);
    const stop = store.watch(({ resource, object }) => {
      if (resource.plural !== 'deployments') return;
      const { generation } = object.metadata;
      stop();
      store.remove(pods, 'a', 'web-1', { force: true });
      store.setStatus(deployments, 'a', 'web', { observedGeneration: generation });
    });
    await kube.scale('a', 'web', 0);
    expect(store.list(pods, 'a')).toEqual([]);
  });
});
