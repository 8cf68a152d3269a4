import type { Duplex } from 'node:stream';
import { socketLike } from '../net/socket-like.ts';

/**
 * A connected stream in the form pg wants its sockets: it calls `connect` itself and waits for the event.
 * https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/connection.js
 */
export function postgresStream(stream: Duplex): () => Duplex {
  const socket = socketLike(stream);
  Object.defineProperty(socket, 'connect', {
    value: () => {
      queueMicrotask(() => socket.emit('connect'));
      return socket;
    },
  });
  return () => socket;
}

/** First bytes a Postgres may answer with: R, E, N, S, and v for a protocol version it does not know. */
const answers = new Set('RENSv'.split('').map((one) => one.charCodeAt(0)));

/** Notices that something else than Postgres is at the other end; pg would wait for a message that never ends. */
export function watchFirstByte(stream: Duplex): { readonly foreign: string | null } {
  const spoken: { foreign: string | null } = { foreign: null };
  const attach = (event: string | symbol): void => {
    if (event !== 'data') return;
    stream.off('newListener', attach);
    stream.prependOnceListener('data', (chunk: Buffer) => {
      const first = chunk[0];
      if (first === undefined || answers.has(first)) return;
      spoken.foreign = chunk.subarray(0, 200).toString('latin1');
      stream.destroy();
    });
  };
  stream.on('newListener', attach);
  return spoken;
}
