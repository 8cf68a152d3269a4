import type { Duplex } from 'node:stream';

/** What clients of sockets call on them beside reading and writing. */
export interface SocketControls {
  readonly setKeepAlive: (on?: boolean, waitMs?: number) => unknown;
  readonly setNoDelay: (on?: boolean) => unknown;
  readonly setTimeout: (waitMs: number, run?: () => void) => unknown;
  readonly ref: () => unknown;
  readonly unref: () => unknown;
}

const nothing = (): void => undefined;
const controls: SocketControls = {
  setKeepAlive: nothing,
  setNoDelay: nothing,
  setTimeout: nothing,
  ref: nothing,
  unref: nothing,
};

/** Gives a stream that is no socket (a tunnel) the controls that vendors call; deadlines are kept elsewhere. */
export function socketLike<Stream extends Duplex>(stream: Stream): Stream & SocketControls {
  for (const [name, control] of Object.entries(controls))
    if (!(name in stream)) Object.defineProperty(stream, name, { value: control, configurable: true });
  return stream as Stream & SocketControls;
}
