import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';

/**
 * Keeps idle upstream connections for its own time, whatever the upstream's Keep-Alive header says: load
 * balancers do not read it, and Node's own agent would.
 * https://cloud.google.com/load-balancing/docs/https/request-distribution#timeout-keepalive-backends
 */
export class KeepAliveAgent extends Agent {
  readonly #idleMs: number;

  constructor(idleMs: number) {
    super({ keepAlive: true, scheduling: 'lifo', maxFreeSockets: 1024 });
    this.#idleMs = idleMs;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (!(socket instanceof Socket)) return false;
    socket.setKeepAlive(true);
    socket.setTimeout(this.#idleMs);
    return true;
  }

  override reuseSocket(socket: Duplex): void {
    if (socket instanceof Socket) socket.setTimeout(0);
  }
}
