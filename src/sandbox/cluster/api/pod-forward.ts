import type { Duplex } from 'node:stream';
import type { Channels } from './socket-channels.ts';

/** Both channels of a port begin with its number, little-endian. */
function portFrame(port: number): Buffer {
  const frame = Buffer.alloc(2);
  frame.writeUInt16LE(port);
  return frame;
}

/** The one text of the error channel; the kubelet's own refusals begin like this already. */
export function forwardFailure(port: number, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return why.startsWith('error forwarding port') ? why : `error forwarding port ${port} to pod: ${why}`;
}

async function carry(channels: Channels, index: number, connection: Duplex): Promise<void> {
  for await (const chunk of connection as AsyncIterable<Buffer>) await channels.send(2 * index, chunk);
}

async function servePort(
  channels: Channels,
  index: number,
  port: number,
  connect: (port: number) => Promise<Duplex>,
  opened: (connection: Duplex) => void,
): Promise<void> {
  try {
    const connection = await connect(port);
    opened(connection);
    await carry(channels, index, connection);
  } catch (error) {
    await channels.send(2 * index + 1, forwardFailure(port, error));
  }
}

/**
 * Port-forward over WebSocket: port i of the query has channel 2i for bytes and 2i+1 for one error text.
 * The socket closes when the last connection has ended.
 */
export async function serveForward(
  channels: Channels,
  ports: readonly number[],
  connect: (port: number) => Promise<Duplex>,
): Promise<void> {
  const { socket } = channels;
  const connections = new Map<number, Duplex>();
  const early = new Map<number, Buffer[]>();
  socket.on('close', () => connections.forEach((connection) => connection.destroy()));
  channels.onMessage((channel, bytes) => {
    if (channel % 2 !== 0) return;
    const connection = connections.get(channel / 2);
    if (connection === undefined) early.set(channel / 2, [...(early.get(channel / 2) ?? []), bytes]);
    else if (!connection.write(bytes)) {
      socket.pause();
      connection.once('drain', () => socket.resume());
    }
  });
  for (const [index, port] of ports.entries()) {
    await channels.send(2 * index, portFrame(port));
    await channels.send(2 * index + 1, portFrame(port));
  }
  const opened = (index: number) => (connection: Duplex) => {
    connection.on('error', () => socket.resume());
    connection.on('close', () => socket.resume());
    if (socket.readyState !== socket.OPEN) connection.destroy();
    for (const bytes of early.get(index) ?? []) connection.write(bytes);
    connections.set(index, connection);
  };
  await Promise.all(ports.map((port, index) => servePort(channels, index, port, connect, opened(index))));
  socket.close(1000);
}
