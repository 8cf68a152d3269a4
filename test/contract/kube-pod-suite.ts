import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clusterDialer } from '../../src/adapters/dialer.ts';
import { openKube } from '../../src/adapters/kube.ts';
import { langfuseOpener } from '../../src/adapters/langfuse.ts';
import type { KubePort } from '../../src/ports/kube.ts';
import { accessOf, closedPort, errorOf } from '../adapters/support.ts';
import type { KubeTarget } from './kube-suite.ts';

const never = new AbortController().signal;

/** What an API server with a kubelet behind it does for pod `web` (container `web`) on this machine. */
export function kubePodSuite(target: () => KubeTarget): void {
  let kube: KubePort;
  const big = Buffer.alloc(3 * 1024 * 1024, 'x');
  const http = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end(request.url === '/big' ? big : `hello from ${request.url ?? ''}`));
  });
  const portOf = (): number => (http.address() as AddressInfo).port;

  beforeAll(async () => {
    kube = await openKube(target().admin);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  afterAll(() => {
    kube.close();
    http.close();
    http.closeAllConnections();
  });

  it('reads logs, of the run before too', async () => {
    const { namespace } = target();
    const log = await kube.logs({ namespace, pod: 'web', container: 'web', tailLines: 2 });
    expect(log.trim().split('\n').length).toBe(2);
    const before = await kube.logs({ namespace, pod: 'web', container: 'web', previous: true });
    expect(before).toContain('before');
    expect(await kube.logs({ namespace, pod: 'fresh', container: 'web', previous: true })).toBe('');
  });

  it('runs a command and gives its outcome', async () => {
    const { namespace } = target();
    const run = (...command: string[]) => kube.exec(namespace, 'web', 'web', command, never);
    expect(await run('sh', '-c', 'echo out; echo err >&2')).toEqual({
      exitCode: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await run('sh', '-c', 'exit 7')).exitCode).toBe(7);
    expect((await run('sh', '-c', 'head -c 1000000 /dev/zero')).stdout.length).toBe(1_000_000);
    const error = await errorOf(run('no-such-program'));
    expect(error.message).toContain('no-such-program');
  });

  it('speaks HTTP with a pod through a tunnel', async () => {
    const { namespace } = target();
    const dialer = clusterDialer(kube, namespace);
    const langfuse = langfuseOpener()({ url: `http://web:${portOf()}` }, accessOf({ dialer }));
    expect((await langfuse.get('/a')).body).toBe('hello from /a');
    expect((await langfuse.get('/b')).body).toBe('hello from /b');
    const long = await langfuse.get('/big');
    expect(long.truncated).toBe(true);
    expect(long.body.length).toBe(64 * 1024);
    expect(dialer.route('web')).toBe('port-forward');
    langfuse.close();
  });

  it('carries a long body whole, at the pace of its reader', async () => {
    const stream = await kube.forward(target().namespace, 'web', portOf(), never);
    stream.write('GET /big HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
    let sizeBytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) sizeBytes += chunk.length;
    expect(sizeBytes).toBeGreaterThan(big.length);
  });

  it('says that nothing listens in the pod', async () => {
    const { namespace } = target();
    const dialer = clusterDialer(kube, namespace);
    const port = await closedPort();
    const langfuse = langfuseOpener()({ url: `http://web:${port}` }, accessOf({ dialer }));
    const error = await errorOf(langfuse.get('/'));
    expect(error.code).toBe('LANGFUSE_REFUSED');
    langfuse.close();
  });
}
