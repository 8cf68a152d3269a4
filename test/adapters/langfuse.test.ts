import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { directDialer } from '../../src/adapters/dialer.ts';
import { langfuseOpener } from '../../src/adapters/langfuse.ts';
import { keepAliveSeconds } from '../../src/adapters/langfuse/keep-alive.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { LangfusePort, LangfuseTarget } from '../../src/ports/langfuse.ts';
import { selfSignedCertificate } from '../../src/sandbox/cluster/api/certificate.ts';
import type { HttpServer } from './kube-server.ts';
import { httpServer } from './kube-server.ts';
import { accessOf, canary, errorOf, expectNoSecret, tcpServer } from './support.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function kept<Closable extends HttpServer | LangfusePort>(one: Closable): Closable {
  open.unshift(one);
  return one;
}

function langfuse(target: LangfuseTarget): LangfusePort {
  return kept(langfuseOpener()(target, accessOf()));
}

describe('HTTP to Langfuse', () => {
  it('gives status, body, type and how long the server keeps idle connections', async () => {
    const server = kept(
      await httpServer((_request, response) => {
        response.writeHead(503, { 'content-type': 'application/json', 'keep-alive': 'timeout=5, max=100' });
        response.end('{"status":"error"}');
      }),
    );
    const answer = await langfuse({ url: server.url }).get('/api/public/health');
    expect(answer).toMatchObject({
      status: 503,
      keepAliveSeconds: 5,
      contentType: 'application/json',
      body: '{"status":"error"}',
      truncated: false,
    });
    expect(server.asked[0]?.headers.connection).toBe('keep-alive');
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("reads Node's own Keep-Alive header", async () => {
    const server = kept(await httpServer((_request, response) => response.end('ok')));
    expect((await langfuse({ url: server.url }).get('/')).keepAliveSeconds).toBe(5);
  });

  it('takes a web page and a redirect for the answers they are', async () => {
    const server = kept(
      await httpServer((_request, response) =>
        response.writeHead(302, { 'content-type': 'text/html', location: '/login' }).end('<html>'),
      ),
    );
    expect(await langfuse({ url: server.url }).get('/')).toMatchObject({ status: 302, body: '<html>' });
  });

  it('adds paths to that of the base URL and sends the keys only where they are wanted', async () => {
    const server = kept(await httpServer((_request, response) => response.end()));
    const target = { url: `${server.url}/langfuse/`, publicKey: 'pk', secretKey: new Secret(canary) };
    const port = langfuse(target);
    await port.getWithKeys('/api/public/projects?x=1');
    await port.get('api/public/health');
    expect(server.asked.map((one) => one.url)).toEqual([
      '/langfuse/api/public/projects?x=1',
      '/langfuse/api/public/health',
    ]);
    const login = Buffer.from(`pk:${canary}`).toString('base64');
    expect(server.asked.map((one) => one.headers.authorization)).toEqual([`Basic ${login}`, undefined]);
  });

  it('says that there are no keys', async () => {
    const error = await errorOf(langfuse({ url: 'http://localhost' }).getWithKeys('/'));
    expect(error.code).toBe('LANGFUSE_AUTH');
  });

  it('keeps 64 KiB of a body of 10 MB and hangs up on one without end', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let hungUp = false;
    const server = kept(
      await httpServer((request, response) => {
        if (request.url === '/long') return void response.end(Buffer.alloc(10_000_000, 'x'));
        const more = (): void => void (response.destroyed || response.write(chunk, more));
        response.on('close', () => {
          hungUp = true;
        });
        more();
      }),
    );
    const port = langfuse({ url: server.url });
    for (const path of ['/long', '/endless']) {
      const answer = await port.get(path);
      expect(answer.truncated).toBe(true);
      expect(answer.body.length).toBe(64 * 1024);
    }
    await expect.poll(() => hungUp).toBe(true);
  });

  it('says that half an answer was cut off', async () => {
    const server = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    });
    const error = await errorOf(langfuse({ url: `http://127.0.0.1:${server.port}` }).get('/'));
    expect(error.code).toBe('LANGFUSE_CLOSED');
    await server.close();
  });

  it('says that no HTTP is spoken', async () => {
    const server = await tcpServer((socket) => void socket.write('220 mail.example.com ESMTP\r\n'));
    const error = await errorOf(langfuse({ url: `http://127.0.0.1:${server.port}` }).get('/'));
    expect(error.code).toBe('LANGFUSE_ANSWER');
    await server.close();
  });

  it('does not trust a certificate that nobody signed', async () => {
    const server = createTlsServer(
      { ...selfSignedCertificate(['127.0.0.1'], new Date()) },
      (_request, response) => response.end('ok'),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const target = { url: `https://127.0.0.1:${port}`, publicKey: 'pk', secretKey: new Secret(canary) };
    const error = await errorOf(langfuse(target).getWithKeys('/'));
    expect(error.code).toBe('LANGFUSE_TLS');
    expectNoSecret(error);
    server.close();
  });

  it('goes through HTTPS_PROXY for https only', async () => {
    const asked: string[] = [];
    const proxy = await tcpServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        asked.push(chunk.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
    });
    const env = { HTTPS_PROXY: `http://user:${canary}@127.0.0.1:${proxy.port}`, no_proxy: 'inside.example' };
    const at = (url: string): LangfusePort =>
      kept(langfuseOpener(env)({ url }, accessOf({ dialer: directDialer() })));
    const error = await errorOf(at('https://outside.example').get('/'));
    expect(error.code).toBe('LANGFUSE_REFUSED');
    expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port} refused the tunnel (HTTP 403)`);
    expectNoSecret(error);
    expect((await errorOf(at('https://inside.example.invalid').get('/'))).code).toBe('LANGFUSE_REFUSED');
    expect((await errorOf(at('https://inside.example').get('/'))).code).toBe('LANGFUSE_UNKNOWN_HOST');
    expect((await errorOf(at('http://outside.invalid').get('/'))).code).toBe('LANGFUSE_UNKNOWN_HOST');
    expect(asked).toEqual([
      'CONNECT outside.example:443 HTTP/1.1',
      'CONNECT inside.example.invalid:443 HTTP/1.1',
    ]);
    await proxy.close();
  });
});

describe('Keep-Alive', () => {
  it.each([
    ['timeout=5', 5],
    ['timeout=65, max=100', 65],
    ['max=100, timeout=3600', 3600],
    ['TIMEOUT = 7', 7],
    ['max=100', null],
    ['', null],
    [undefined, null],
  ])('%s', (header, seconds) => {
    expect(keepAliveSeconds(header)).toBe(seconds);
  });
});
