import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKube } from '../../src/adapters/kube.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { KubePort } from '../../src/ports/kube.ts';
import bodies from '../fixtures/captures/kubernetes/error-bodies.json' with { type: 'json' };
import type { Folder, HttpServer } from './kube-server.ts';
import { httpServer, kubeAccess, kubeconfig, sendJson, testFolder } from './kube-server.ts';
import type { TestServer } from './support.ts';
import { brokenServers, canary, closedPort, errorOf, expectNoSecret } from './support.ts';

let folder: Folder;
const open: { close: () => unknown }[] = [];
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await folder.remove();
});

function kept<Closable extends HttpServer | TestServer | KubePort>(one: Closable): Closable {
  open.unshift(one);
  return one;
}

async function kubeAt(url: string, user?: unknown, overrides = {}): Promise<KubePort> {
  const file = await folder.write('config', kubeconfig(url, user));
  return kept(await openKube(kubeAccess(file, overrides)));
}

const pods = (kube: KubePort): Promise<unknown> => kube.list(resources.pods, { namespace: 'ns' });

describe('the Kubernetes API', () => {
  it('sends the token and keeps its connection', async () => {
    const sockets = new Set<unknown>();
    const server = kept(
      await httpServer((request, response) => {
        sockets.add(request.socket);
        sendJson(response, 200, { items: [] });
      }),
    );
    const kube = await kubeAt(server.url, { token: canary });
    await pods(kube);
    await pods(kube);
    expect(server.asked.map((one) => one.headers.authorization)).toEqual([
      `Bearer ${canary}`,
      `Bearer ${canary}`,
    ]);
    expect(sockets.size).toBe(1);
  });

  it('sends the conditions of a deletion with their length, and the connection is good for the next request', async () => {
    const bodiesSeen: string[] = [];
    const server = kept(
      await httpServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          bodiesSeen.push(body);
          sendJson(response, 200, { items: [] });
        });
      }),
    );
    const kube = await kubeAt(server.url);
    expect(await kube.remove(resources.secrets, 'ns', 'x', { uid: 'u-1' })).toBe(true);
    expect(JSON.parse(bodiesSeen[0] ?? '')).toMatchObject({ preconditions: { uid: 'u-1' } });
    expect(await pods(kube)).toEqual([]);
  });

  it('logs in with user and password, and on behalf of someone', async () => {
    const server = kept(await httpServer((_request, response) => sendJson(response, 200, { items: [] })));
    await pods(await kubeAt(server.url, { username: 'ann', password: canary, as: 'bob' }));
    const headers = server.asked[0]?.headers;
    expect(headers?.authorization).toBe(`Basic ${Buffer.from(`ann:${canary}`).toString('base64')}`);
    expect(headers?.['impersonate-user']).toBe('bob');
  });

  it('works below a path', async () => {
    const server = kept(await httpServer((_request, response) => sendJson(response, 200, { items: [] })));
    await pods(await kubeAt(`${server.url}/k8s/clusters/c-1/`));
    expect(server.asked[0]?.url).toBe('/k8s/clusters/c-1/api/v1/namespaces/ns/pods?limit=500');
  });

  it('says that the login is not accepted', async () => {
    const server = kept(
      await httpServer((_request, response) =>
        sendJson(response, 401, { kind: 'Status', message: 'Unauthorized', code: 401 }),
      ),
    );
    const error = await errorOf(pods(await kubeAt(server.url, { token: canary })));
    expect(error.code).toBe('KUBE_UNAUTHORIZED');
    expect(error.message).toContain('context test');
    expectNoSecret(error);
  });

  it("repeats a real server's own words for what it refuses", async () => {
    const [status, kind, reason, message] = bodies.real_v1_20_2['method not allowed'] as [
      number,
      string,
      string,
      string,
    ];
    const server = kept(
      await httpServer((_request, response) => sendJson(response, status, { kind, reason, message })),
    );
    const error = await errorOf(pods(await kubeAt(server.url)));
    expect(error.code).toBe('KUBE_API');
    expect(error.message).toContain('the server does not allow this method on the requested resource');
  });

  it('takes 404 with and without a Status for a kind that is not there', async () => {
    const server = kept(
      await httpServer((_request, response) => response.writeHead(404).end('404 page not found\n')),
    );
    expect(await pods(await kubeAt(server.url))).toEqual([]);
  });

  it('recognises a web page in its place', async () => {
    const server = kept(
      await httpServer((_request, response) =>
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<html><title>x</title><h1>Sign in</h1></html>'),
      ),
    );
    const error = await errorOf(pods(await kubeAt(server.url)));
    expect(error.code).toBe('KUBE_API');
    expect(error.message).toContain('no answer of Kubernetes: x Sign in');
  });

  it('says that the server is dead', async () => {
    const error = await errorOf(pods(await kubeAt(`https://127.0.0.1:${await closedPort()}`)));
    expect(error.code).toBe('KUBE_UNREACHABLE');
    const unknown = await errorOf(pods(await kubeAt('https://no-such-host.invalid:6443')));
    expect(unknown.code).toBe('KUBE_UNREACHABLE');
    expect(unknown.message).toContain('no-such-host.invalid:6443');
  });

  it('gives up on a server that says nothing', async () => {
    const server = kept(await brokenServers.silent());
    const kube = await kubeAt(`http://127.0.0.1:${server.port}`, undefined, { requestTimeoutMs: 100 });
    expect((await errorOf(pods(kube))).code).toBe('KUBE_TIMEOUT');
    const forward = kube.forward('ns', 'pod', 80, new AbortController().signal);
    expect((await errorOf(forward)).code).toBe('KUBE_TIMEOUT');
    const run = kube.exec('ns', 'pod', 'web', ['true'], new AbortController().signal);
    expect((await errorOf(run)).code).toBe('KUBE_TIMEOUT');
  });

  it('gives up on a list that never ends', async () => {
    const server = kept(
      await httpServer((_request, response) => response.writeHead(200).write('{"items":[')),
    );
    const kube = await kubeAt(server.url, undefined, { requestTimeoutMs: 100 });
    expect((await errorOf(pods(kube))).code).toBe('KUBE_TIMEOUT');
  });

  it('asks again when a kept connection was closed under it', async () => {
    const server = kept(
      await httpServer((request, response) => {
        // The second request on a connection finds it closed; the third is on a new one.
        if (server.asked.length === 2) request.socket.destroy();
        else sendJson(response, 200, { items: [{ metadata: { name: String(server.asked.length) } }] });
      }),
    );
    const kube = await kubeAt(server.url);
    await pods(kube);
    expect(await pods(kube)).toEqual([{ metadata: { name: '3' } }]);
  });

  it('comes back when an overloaded server says when', async () => {
    const server: HttpServer = kept(
      await httpServer((_request, response) => {
        if (server.asked.length === 1) response.writeHead(429, { 'retry-after': '0' }).end();
        else sendJson(response, 200, { items: [] });
      }),
    );
    expect(await pods(await kubeAt(server.url))).toEqual([]);
    expect(server.asked.length).toBe(2);
  });

  it('does not wait longer for an overloaded server than its deadline', async () => {
    const server = kept(
      await httpServer((_request, response) => response.writeHead(429, { 'retry-after': '60' }).end()),
    );
    const kube = await kubeAt(server.url, undefined, { requestTimeoutMs: 100 });
    expect((await errorOf(pods(kube))).code).toBe('KUBE_TIMEOUT');
  });

  it('says that TLS is spoken where there is none', async () => {
    const server = kept(await httpServer((_request, response) => response.end()));
    const error = await errorOf(pods(await kubeAt(`https://127.0.0.1:${server.port}`)));
    expect(error.code).toBe('KUBE_TLS');
  });
});
