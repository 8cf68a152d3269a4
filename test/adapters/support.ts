import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import { directDialer } from '../../src/adapters/dialer.ts';
import { LfctlError } from '../../src/errors/error.ts';
import type { Access } from '../../src/ports/dialer.ts';

/** A password that must not come back in any error. */
export const canary = 'canary-9f3a7c';

/** Access as doctor has it, with short deadlines for servers that never answer. */
export function accessOf(overrides: Partial<Access> = {}): Access {
  return {
    dialer: directDialer(),
    connectTimeoutMs: 2000,
    queryTimeoutMs: 2000,
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** Deadlines so short that a test of silence is quick. */
export const impatient: Partial<Access> = { connectTimeoutMs: 150, queryTimeoutMs: 150 };

/** A listening TCP server of a test. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A TCP server that does with each connection what it is told. */
export async function tcpServer(onConnection: (socket: Socket) => void): Promise<TestServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** A port that was free a moment ago: connections to it are refused. */
export async function closedPort(): Promise<number> {
  const server = await tcpServer(() => undefined);
  await server.close();
  return server.port;
}

/** Servers that fail in the ways of real networks; each port's adapter meets all of them. */
export const brokenServers = {
  /** Accepts and never says a word. */
  silent: () => tcpServer((socket) => socket.resume()),
  /** Closes each connection at once. */
  closing: () => tcpServer((socket) => socket.end()),
  /** Another kind of server on this port. */
  html: () =>
    tcpServer((socket) => {
      const page = '<html><title>502 Bad Gateway</title><body>nginx</body></html>';
      socket.once('data', () => {
        socket.end(
          `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`,
        );
      });
    }),
};

/** The LfctlError that a call ends with; fails when it ends otherwise. */
export async function errorOf(call: Promise<unknown>): Promise<LfctlError> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(LfctlError);
  return outcome as LfctlError;
}

/** All forms in which an error may reach a person, without the secret in any encoding. */
export function expectNoSecret(error: LfctlError, secret: string = canary): void {
  const forms = [
    error.message,
    error.stack ?? '',
    JSON.stringify(error),
    JSON.stringify(error.fixes),
    inspect(error, { depth: 10, showHidden: true }),
  ].join('\n');
  for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
    expect(forms).not.toContain(form);
}
