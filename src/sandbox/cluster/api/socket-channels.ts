import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Status } from './status.ts';

/** Newest first. v5 adds channel 255: the client closes a stream. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/** What is sent on a channel waits for the socket above this, so that memory stays small. */
const highWaterBytes = 1024 * 1024;

/** Answers an upgrade request with a plain HTTP error. */
export function refuseUpgrade(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  const code = status.code ?? 500;
  socket.end(
    `HTTP/1.1 ${code} ${status.reason ?? 'Error'}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** kubectl's port-forward since 1.30: the frames of SPDY as one byte stream inside WebSocket messages. */
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

/** How a client wants to go on after the handshake. */
export type Transport = 'channels' | 'spdy-tunnel' | 'spdy';

/** What an upgrade request asks for; null when it is nothing that is served. */
export function transportOf(request: IncomingMessage): Transport | null {
  const upgrade = request.headers.upgrade ?? '';
  if (/^spdy\/3\.1$/i.test(upgrade)) return 'spdy';
  if (!/websocket/i.test(upgrade)) return null;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  if (protocols.some((each) => offered.includes(each))) return 'channels';
  return offered.includes(tunnelProtocol) ? 'spdy-tunnel' : null;
}

/** Completes the handshake of plain SPDY, which kubectl before 1.30 asks for. */
export function acceptSpdy(socket: Duplex, head: Buffer): Duplex {
  if (head.length > 0) socket.unshift(head);
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n' +
      'X-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n',
  );
  return socket;
}

/** A WebSocket whose messages begin with the number of their channel. */
export interface Channels {
  readonly socket: WebSocket;
  /** Resolves when the socket can take more. */
  readonly send: (channel: number, bytes: Buffer | string) => Promise<void>;
  readonly onMessage: (listener: (channel: number, bytes: Buffer) => void) => void;
}

function channelsOf(socket: WebSocket): Channels {
  const send = (channel: number, bytes: Buffer | string): Promise<void> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      const frame = Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)]);
      const waits = socket.bufferedAmount > highWaterBytes;
      socket.send(frame, () => resolve());
      if (!waits) resolve();
      return undefined;
    });
  return {
    socket,
    send,
    onMessage: (listener) => {
      socket.on('message', (data: Buffer | ArrayBuffer | Buffer[]) => {
        const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
        const [channel] = bytes;
        if (channel !== undefined) listener(channel, bytes.subarray(1));
      });
    },
  };
}

/** The bytes of all messages as one stream. */
export function byteStream({ socket }: Channels): Duplex {
  return createWebSocketStream(socket);
}

/** Completes handshakes. The limit on messages keeps a wild client from filling the memory. */
export function createUpgrader() {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024 * 1024,
    handleProtocols: (offered) => [...protocols, tunnelProtocol].find((each) => offered.has(each)) ?? false,
  });
  return {
    accept: (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<Channels> =>
      new Promise((resolve) => {
        server.handleUpgrade(request, socket, head, (accepted) => {
          accepted.on('error', () => accepted.terminate());
          resolve(channelsOf(accepted));
        });
      }),
    close: (): void => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

/** Turns an HTTP request into a WebSocket. */
export type Upgrader = ReturnType<typeof createUpgrader>;
