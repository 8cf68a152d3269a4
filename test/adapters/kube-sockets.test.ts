import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { openKube } from '../../src/adapters/kube.ts';
import { codeOf } from '../../src/adapters/net/network-error.ts';
import type { KubePort } from '../../src/ports/kube.ts';
import type { Folder } from './kube-server.ts';
import { kubeAccess, kubeconfig, sendJson, testFolder } from './kube-server.ts';
import { canary, errorOf, expectNoSecret } from './support.ts';

let folder: Folder;
let http: Server;
let kube: KubePort;
/** What the server does with a WebSocket; null refuses the upgrade. */
let talk: ((socket: WebSocket) => void) | null = null;
let refusal: { status: number; body: unknown } = { status: 403, body: {} };

beforeEach(async () => {
  folder = await testFolder();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
  http = createServer((_request, response) => sendJson(response, refusal.status, refusal.body));
  http.on('upgrade', (request, socket, head) => {
    const body = JSON.stringify(refusal.body);
    if (talk === null)
      socket.end(
        `HTTP/1.1 ${refusal.status} No\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    else sockets.handleUpgrade(request, socket, head, (opened) => talk?.(opened));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const file = await folder.write('config', kubeconfig(url, { token: canary }));
  kube = await openKube(kubeAccess(file));
});
afterEach(async () => {
  kube.close();
  http.closeAllConnections();
  http.close();
  talk = null;
  await folder.remove();
});

const never = new AbortController().signal;
const channel = (number: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([number]), Buffer.from(text)]);
const run = (signal = never) => kube.exec('ns', 'pod', 'web', ['true'], signal);
const status = (body: object): Buffer => channel(3, JSON.stringify(body));

describe('a command in a container', () => {
  it('that is cut off without an outcome has failed, whatever it said before', async () => {
    talk = (socket) => socket.send(channel(1, 'half a dump'), () => socket.terminate());
    const error = await errorOf(run());
    expect(error.code).toBe('KUBE_API');
    expect(error.message).toContain('cut off before its outcome was known');
    talk = (socket) => socket.close(1000);
    expect((await errorOf(run())).message).toContain('cut off');
  });

  it('that says more than anyone wants is ended', async () => {
    const chunk = channel(1, 'x'.repeat(1024 * 1024));
    talk = (socket) => {
      const more = (): void => {
        if (socket.readyState === socket.OPEN) socket.send(chunk, more);
      };
      more();
    };
    expect((await errorOf(run())).message).toContain('said more than 16 MiB');
  });

  it('that never ends is ended by the signal', async () => {
    const control = new AbortController();
    talk = () => control.abort();
    expect((await errorOf(run(control.signal))).code).toBe('INTERRUPTED');
    talk = () => undefined;
    expect((await errorOf(run(AbortSignal.timeout(50)))).code).toBe('KUBE_TIMEOUT');
  });

  it('that could not be started says why', async () => {
    talk = (socket) =>
      socket.send(status({ status: 'Failure', message: 'exec: "x": not found', reason: 'InternalError' }));
    expect((await errorOf(run())).message).toContain('could not run: exec: "x": not found');
  });

  it('gives its exit code', async () => {
    const causes = [{ reason: 'ExitCode', message: '42' }];
    talk = (socket) =>
      socket.send(status({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes } }));
    expect((await run()).exitCode).toBe(42);
  });

  it('needs a right, which is named as the server names it', async () => {
    const message =
      'pods "pod" is forbidden: User "x" cannot create resource "pods/exec" in API group "" in the namespace "ns"';
    refusal = { status: 403, body: { kind: 'Status', message } };
    const error = await errorOf(run());
    expect(error.message).toBe('forbidden: create pods/exec in ns');
    expect(error.fixes[0]?.command).toBe('kubectl auth can-i create pods --subresource=exec -n ns');
    expectNoSecret(error);
  });
});

describe('a tunnel into a pod', () => {
  const ports = [Buffer.from([0, 0x38, 0x15]), Buffer.from([1, 0x38, 0x15])];
  const open = async () => await kube.forward('ns', 'pod', 5432, never);

  async function ending(text: string): Promise<{ code: string | null; message: string }> {
    talk = (socket) => {
      for (const frame of [...ports, channel(1, text)]) socket.send(frame);
      socket.close();
    };
    const stream = await open();
    const [error] = (await once(stream.resume(), 'error')) as [Error];
    return { code: codeOf(error), message: error.message };
  }

  it.each([
    [
      'error forwarding port 5432 to pod abc: dial tcp4 127.0.0.1:5432: connect: connection refused',
      'ECONNREFUSED',
    ],
    ['error forwarding port 5432 to pod abc: i/o timeout', 'ETIMEDOUT'],
    ['error forwarding port 5432 to pod abc: network namespace for sandbox is closed', 'ECONNRESET'],
  ])('ends with what the kubelet says: %s', async (text, code) => {
    const end = await ending(text);
    expect(end.code).toBe(code);
    expect(end.message).toContain('ns/pod port 5432');
  });

  it('carries bytes both ways and ends with the WebSocket', async () => {
    talk = (socket) => {
      for (const frame of ports) socket.send(frame);
      socket.on('message', (message: Buffer) => {
        socket.send(channel(0, `<${message.subarray(1).toString()}>`));
        if (message.toString().includes('bye')) socket.close();
      });
    };
    const stream = await open();
    stream.write('a');
    stream.write('bye');
    expect((await stream.toArray()).join('')).toBe('<a><bye>');
  });

  it('closes the WebSocket when its user is done', async () => {
    const closed = new Promise<void>((resolve) => {
      talk = (socket) => void socket.on('close', () => resolve());
    });
    (await open()).destroy();
    await closed;
  });

  it('does not take more than its user reads', async () => {
    const chunk = channel(0, 'x'.repeat(64 * 1024));
    const heard = new Promise<void>((resolve) => {
      talk = (socket) => {
        for (const frame of ports) socket.send(frame);
        for (let count = 0; count < 1000; count += 1) socket.send(chunk);
        socket.on('message', (message: Buffer) => {
          if (message.toString().endsWith('99')) resolve();
        });
      };
    });
    const stream = await open();
    stream.read(0);
    await expect.poll(() => stream.readableLength).toBeGreaterThan(0);
    // A hundred round trips: time enough to take all of the 64 MB, if one would.
    for (let count = 0; count < 100; count += 1)
      await new Promise((resolve) => {
        stream.write(String(count), resolve);
      });
    await heard;
    expect(stream.readableLength).toBeLessThan(4 * 1024 * 1024);
    stream.destroy();
  });

  it('that is not allowed is told as a missing right', async () => {
    refusal = { status: 403, body: { kind: 'Status', message: 'no' } };
    const error = await errorOf(open());
    expect(error.message).toBe('forbidden: get pods/portforward in ns');
    expectNoSecret(error);
  });
});
