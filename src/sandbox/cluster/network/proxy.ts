import { connect, createServer, type Server, type Socket } from 'node:net';

/** Where a Service's connection may go. */
export interface Backend {
  readonly address: string;
  readonly port: number;
}

/** One port of a Service: forwards to its ready endpoints, and refuses as the kernel does while there is none. */
export interface ServicePortProxy {
  readonly setBackends: (backends: readonly Backend[]) => void;
  readonly close: () => Promise<void>;
}

const retryMs = 250;

/**
 * kube-proxy for one address and port. The listener is there only while an endpoint is ready, so a
 * client gets a true ECONNREFUSED otherwise.
 */
export function startServicePort(
  address: string,
  port: number,
  onProblem: (problem: string | null) => void,
): ServicePortProxy {
  let backends: readonly Backend[] = [];
  let turn = 0;
  let server: Server | null = null;
  let retry: NodeJS.Timeout | null = null;
  const sockets = new Set<Socket>();

  const accept = (client: Socket): void => {
    const backend = backends[turn++ % backends.length];
    if (backend === undefined) return void client.resetAndDestroy();
    join(client, connect(backend.port, backend.address), sockets);
  };
  const open = (): void => {
    const opened = createServer({ allowHalfOpen: true, noDelay: true }, accept);
    server = opened;
    opened.once('error', (error: NodeJS.ErrnoException) => {
      if (server === opened) server = null;
      onProblem(`${address}:${port} cannot be served (${error.code})`);
      retry = setTimeout(apply, retryMs).unref();
    });
    opened.listen(port, address, () => onProblem(null));
  };
  const shut = (): void => {
    if (retry) clearTimeout(retry);
    server?.close();
    server = null;
  };
  const apply = (): void => {
    if (backends.length === 0) shut();
    else if (server === null) open();
  };
  return {
    setBackends: (next) => {
      backends = next;
      apply();
    },
    close: async () => {
      backends = [];
      const closing = server;
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        if (closing?.listening !== true) resolve();
        else closing.once('close', resolve);
        shut();
      });
    },
  };
}

/** Ties two connections: what ends or breaks on one side does so on the other. */
function join(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => void other.resetAndDestroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroySoon();
    });
    socket.pipe(other);
  }
}
