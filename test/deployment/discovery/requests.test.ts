import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKube } from '../../../src/adapters/kube.ts';
import { discover } from '../../../src/deployment/discovery/discover.ts';
import type { Deployment } from '../../../src/deployment/model.ts';
import type { ApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import { settings } from '../installations.ts';
import { bigNamespace, bigToken, startBigNamespace } from './big-namespace.ts';

/** A proxy that hands everything on and keeps what was asked. */
async function countRequests(api: ApiServer): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const proxy = createServer((from, to) => {
    asked.push(`${from.method ?? ''} ${decodeURIComponent(from.url ?? '')}`);
    const { method, headers } = from;
    const on = request(
      `${api.url}${from.url ?? ''}`,
      { ...(method === undefined ? {} : { method }), headers },
      (answer) => {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(to);
      },
    );
    from.pipe(on);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => proxy.close() };
}

async function writeConfig(folder: string, server: string): Promise<string> {
  const file = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: bigToken } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: bigNamespace } }],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe('discovery in a namespace with 500 pods and 2000 Secrets', () => {
  let api: ApiServer;
  let folder: string;
  let asked: readonly string[] = [];
  let found: Deployment;

  beforeAll(async () => {
    api = await startBigNamespace();
    folder = await mkdtemp(join(tmpdir(), 'discovery-'));
    const proxy = await countRequests(api);
    const { signal } = new AbortController();
    const kubeconfig = await writeConfig(folder, proxy.url);
    const kube = await openKube({ kubeconfig, requestTimeoutMs: 60_000, signal, env: {} });
    found = await discover(kube, settings());
    kube.close();
    proxy.close();
    asked = proxy.asked;
  }, 120_000);

  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds Langfuse with its pods among the others', () => {
    expect(found.components.map(({ role, pods }) => `${role} ${pods.length}`)).toEqual(['web 1', 'worker 1']);
    expect(found).toMatchObject({ namespace: bigNamespace, generation: 3, confidence: 'certain' });
    expect(found.stores.eventBucket.target).not.toBeNull();
  });

  it('reads the Secrets that its containers name, each once, and lists none', () => {
    const secrets = asked.filter((path) => path.includes('/secrets'));
    expect(secrets.toSorted()).toEqual([
      'GET /api/v1/namespaces/hyperplane-langfuse/secrets/langfuse-env',
      'GET /api/v1/namespaces/hyperplane-litellm/secrets/litellm-env',
    ]);
  });

  it('lists in pages, and pods by their labels alone', () => {
    const lists = asked.filter((path) => path.includes('?'));
    expect(lists.filter((path) => !path.includes('limit=500'))).toEqual([]);
    const pods = lists.filter((path) => path.includes('/pods?'));
    expect(pods.length).toBeGreaterThan(0);
    expect(pods.filter((path) => !path.includes('labelSelector='))).toEqual([]);
  });

  it('asks for nothing twice', () => {
    expect(asked).toHaveLength(new Set(asked).size);
    expect(asked.length).toBeLessThanOrEqual(25);
  });
});
