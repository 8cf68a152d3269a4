import { Duplex } from 'node:stream';
import { directDialer } from '../../src/adapters/dialer.ts';
import { socketLike } from '../../src/adapters/net/socket-like.ts';
import type { Dialer } from '../../src/ports/dialer.ts';

/** Connections that are streams and no sockets, as those through a cluster's API are. */
export function tunnelDialer(): Dialer {
  return {
    route: () => 'port-forward',
    async connect(host, port, signal) {
      const socket = await directDialer().connect(host, port, signal);
      const stream = new Duplex({
        read: () => void socket.resume(),
        write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
        final: (done) => void socket.end(done),
        destroy: (error, done) => {
          socket.destroy();
          done(error);
        },
      });
      socket.on('data', (chunk: Buffer) => {
        if (!stream.push(chunk)) socket.pause();
      });
      socket.on('end', () => stream.push(null));
      socket.on('error', (error) => stream.destroy(error));
      return socketLike(stream);
    },
  };
}
