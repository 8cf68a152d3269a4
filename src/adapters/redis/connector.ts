import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AbstractConnector } from 'ioredis';
import type { Access } from '../../ports/dialer.ts';
import type { RedisNode, RedisTarget } from '../../ports/redis.ts';
import { within } from '../net/deadline.ts';
import { socketLike } from '../net/socket-like.ts';
import { secure } from '../net/tls-stream.ts';

/** ioredis' own sockets: plain ones, or what looks like one over a tunnel. */
async function openStream(node: RedisNode, target: RedisTarget, access: Access): Promise<Duplex> {
  return await within(access.connectTimeoutMs, access.signal, async (signal) => {
    const plain = await access.dialer.connect(node.host, node.port, signal);
    if (!target.tls) return socketLike(plain);
    return await secure(plain, node.host, { certificateAuthority: target.certificateAuthority }, signal);
  });
}

/** A class for ioredis to make its connections with; the host is the one it asks for (nodes of a cluster differ). */
export function dialingConnector(
  target: RedisTarget,
  access: Access,
): typeof AbstractConnector & (new (options: unknown) => AbstractConnector) {
  return class extends AbstractConnector {
    readonly #node: RedisNode;
    #open: Duplex | null = null;

    constructor(options: unknown) {
      super(0);
      const { host, port } = options as Partial<RedisNode>;
      this.#node = { host: host ?? 'localhost', port: port ?? 6379 };
    }

    override async connect(): Promise<Socket> {
      const stream = await openStream(this.#node, target, access);
      this.#open = stream;
      // Written between close and ioredis' own listener, an error would end the process.
      stream.on('error', () => undefined);
      return stream as Socket;
    }

    override disconnect(): void {
      this.#open?.destroy();
    }
  };
}
