import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { KeepAliveAgent } from '../../../src/sandbox/programs/load-balancer/keep-alive-agent.ts';
import { startLoadBalancer } from '../../../src/sandbox/programs/load-balancer/proxy.ts';
import type {
  AccessEntry,
  LoadBalancer,
  LoadBalancerOptions,
} from '../../../src/sandbox/programs/load-balancer/proxy.ts';

const open: (Server | TcpServer)[] = [];
let balancer: LoadBalancer | null = null;

afterEach(async () => {
  await balancer?.close();
  for (const server of open.splice(0)) server.close();
});

async function listen<Kind extends Server | TcpServer>(server: Kind): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function start(
  port: number,
  parts: Partial<LoadBalancerOptions> = {},
): Promise<{ readonly url: string; readonly entries: AccessEntry[] }> {
  const entries: AccessEntry[] = [];
  balancer = await startLoadBalancer({
    address: '127.0.0.1',
    port: 0,
    idleMs: 60_000,
    upstream: () => Promise.resolve({ host: '127.0.0.1', port }),
    observe: (entry) => entries.push(entry),
    ...parts,
  });
  return { url: `http://127.0.0.1:${balancer.port}`, entries };
}

const answering: RequestListener = (request, response) => {
  request
    .resume()
    .on('end', () => response.end(JSON.stringify({ url: request.url, headers: request.headers })));
};

/** Answers by hand over raw connections, so that a test decides when they end. */
function rawBackend(onRequest: (socket: Socket, count: number) => void): {
  readonly server: TcpServer;
  readonly sockets: Socket[];
} {
  const sockets: Socket[] = [];
  let count = 0;
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      count += 1;
      onRequest(socket, count);
    });
  });
  return { server, sockets };
}

const okAnswer = 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok';

describe('the load balancer', () => {
  it('passes requests and bodies on, and says for whom', async () => {
    const { url, entries } = await start(await listen(createServer(answering)));
    const answer = await fetch(`${url}/api/public/health?x=1`, { method: 'POST', body: 'hello' });
    expect(await answer.json()).toMatchObject({
      url: '/api/public/health?x=1',
      headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'content-length': '5' },
    });
    expect(entries).toEqual([{ method: 'POST', path: '/api/public/health?x=1', status: 200, failure: null }]);
  });

  it('uses an idle connection again, whatever Keep-Alive says', async () => {
    const backend = rawBackend((socket) => socket.write(okAnswer));
    const { url } = await start(await listen(backend.server));
    for (let index = 0; index < 3; index += 1) expect(await (await fetch(url)).text()).toBe('ok');
    expect(backend.sockets.length).toBe(1);
  });

  it('keeps an idle connection for its own time, not for the upstream’s', async () => {
    const backend = rawBackend((socket) => socket.write(okAnswer));
    const agent = new KeepAliveAgent(600_000);
    const request = httpRequest({ port: await listen(backend.server), host: '127.0.0.1', agent }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
    await expect
      .poll(() =>
        Object.values(agent.freeSockets)
          .flat()
          .map((socket) => socket?.timeout),
      )
      .toEqual([600_000]);
    agent.destroy();
  });

  it('answers 502 without another try when a reused connection is closed under the request', async () => {
    const backend = rawBackend((socket, count) => {
      if (count === 2) socket.resetAndDestroy();
      else socket.write(okAnswer);
    });
    const { url, entries } = await start(await listen(backend.server));
    expect((await fetch(url)).status).toBe(200);
    const raced = await fetch(url);
    expect(raced.status).toBe(502);
    expect(await raced.text()).toContain('The server encountered a temporary error');
    expect(backend.sockets.length).toBe(1);
    expect((await fetch(url)).status).toBe(200);
    expect(entries.map(({ failure }) => failure)).toEqual([null, 'reset', null]);
  });

  it('meets a close that comes while the request is on its way', async () => {
    const backend = rawBackend((socket) => socket.write(okAnswer));
    const port = await listen(backend.server);
    let requests = 0;
    const upstream = (): Promise<{ host: string; port: number }> => {
      requests += 1;
      // The backend's keep-alive ends just when the second request has left.
      if (requests === 2) setImmediate(() => backend.sockets[0]?.end());
      return Promise.resolve({ host: '127.0.0.1', port });
    };
    const { url } = await start(port, { upstream, latencyMs: 500 });
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url)).status).toBe(502);
  });

  it.each([
    ['gclb', 502, 'temporary error'],
    ['envoy', 503, 'no healthy upstream'],
    ['nginx', 503, '503 Service Temporarily Unavailable'],
  ] as const)('has no backend: %s says %i', async (style, status, text) => {
    const { url } = await start(1, { style, upstream: () => Promise.reject(new Error('none is ready')) });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
  });

  it.each([
    ['gclb', 502, 'temporary error'],
    ['envoy', 503, 'Connection refused'],
    ['nginx', 502, '502 Bad Gateway'],
  ] as const)('meets a backend that refuses: %s says %i', async (style, status, text) => {
    const { url } = await start(1, { style });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
  });

  it('gives up on a backend that does not answer', async () => {
    const backend = rawBackend(() => undefined);
    const { url } = await start(await listen(backend.server), { style: 'envoy', timeoutMs: 50 });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([504, 'upstream request timeout']);
  });

  it('ends an answer that breaks off, and goes on', async () => {
    const backend = rawBackend((socket, count) => {
      if (count === 1) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      else socket.write(okAnswer);
    });
    const { url } = await start(await listen(backend.server));
    const broken = await fetch(url);
    await expect(broken.text()).rejects.toThrow();
    expect((await fetch(url)).status).toBe(200);
  });

  it('lets go of the backend when the client leaves', async () => {
    const backend = rawBackend(() => undefined);
    await start(await listen(backend.server));
    const client = connect(balancer?.port ?? 0, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => backend.sockets[0]?.bytesRead ?? 0).toBeGreaterThan(0);
    client.destroy();
    await expect.poll(() => backend.sockets[0]?.readableEnded).toBe(true);
  });
});
