import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { LfctlError } from '../../../errors/error.ts';
import type { Certificate } from './certificate.ts';

/** Takes over a connection that asks for another protocol. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** First byte of a TLS handshake record. */
const tlsHandshake = 0x16;

/** Longer than any client's pool keeps a connection, so that no request meets a closing one. */
const keepAliveMs = 120_000;

/** A port that speaks HTTP and HTTPS, by the first byte of each connection. */
export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

function bind(server: Server, address: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `the Kubernetes API cannot listen on ${address}:${port}`;
      reject(new LfctlError('SANDBOX_PORT', { message, cause }));
    });
    server.listen(port, address, () => resolve(server.address() as AddressInfo));
  });
}

/** @throws LfctlError SANDBOX_PORT when the port is taken */
export async function listen(
  address: string,
  port: number,
  certificate: Certificate,
  onRequest: RequestListener,
  onUpgrade: UpgradeListener,
): Promise<Listener> {
  const plain = createHttp(onRequest);
  const secure = createHttps({ ...certificate }, onRequest);
  const open = new Set<Socket>();
  for (const server of [plain, secure]) {
    server.keepAliveTimeout = keepAliveMs;
    server.on('upgrade', onUpgrade);
  }
  const front = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === tlsHandshake ? secure : plain).emit('connection', socket);
      setImmediate(() => socket.resume());
    });
  });
  const bound = await bind(front, address, port);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      front.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return { port: bound.port, close };
}
