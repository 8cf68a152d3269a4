import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** An address and port where connections are never answered. */
export interface BlackHole {
  readonly close: () => void;
}

/**
 * A port that swallows connections as a firewall with DROP does. A `cat` holds the listening socket and
 * never accepts; two connections of our own fill its queue (backlog 1), so the kernel leaves further SYNs
 * without an answer. `cat` reads a pipe of ours: it ends when this process does, even by kill -9.
 */
export async function openBlackHole(address: string, port: number): Promise<BlackHole> {
  const server = createServer();
  server.listen({ host: address, port, backlog: 1 });
  await once(server, 'listening');
  const holder = spawn('cat', [], { stdio: ['pipe', 'ignore', 'ignore', descriptorOf(server)] });
  server.close();
  holder.on('error', () => undefined);
  const fillers = await fill(address, port);
  return {
    close: () => {
      for (const socket of fillers) socket.destroy();
      holder.stdin?.destroy();
      holder.kill('SIGKILL');
    },
  };
}

async function fill(address: string, port: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  for (let index = 0; index < 2; index += 1) {
    const socket = connect(port, address).on('error', () => undefined);
    sockets.push(socket.unref());
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  }
  return sockets;
}

/** Node shows a listening socket's descriptor only here. */
function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : null;
  if (typeof fd !== 'number') throw new Error('the listening socket has no descriptor');
  return fd;
}
