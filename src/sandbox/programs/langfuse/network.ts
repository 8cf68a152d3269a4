import { Socket, type LookupFunction } from 'node:net';

/** A name's address in the cluster. */
export type Resolve = (hostname: string) => Promise<string>;

/** The cluster's resolver in the shape net and http take; unknown names read as Node's own (`getaddrinfo ENOTFOUND name`). */
export function lookupThrough(resolve: Resolve): LookupFunction {
  return (hostname, options, answer) => {
    void found(resolve, hostname).then((place) => {
      if (place instanceof Error) answer(place, '', 0);
      else if (options.all) answer(null, [place]);
      else answer(null, place.address, place.family);
      return undefined;
    });
  };
}

async function found(
  resolve: Resolve,
  hostname: string,
): Promise<{ address: string; family: number } | Error> {
  try {
    const address = await resolve(hostname);
    return { address, family: address.includes(':') ? 6 : 4 };
  } catch {
    return notFound(hostname);
  }
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  });
}

/** A socket for pg, which calls `connect(port, host)`: names go through the cluster's resolver. */
export function resolvingSocket(resolve: Resolve): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  const lookup = lookupThrough(resolve);
  const through = (port: unknown, host?: unknown): Socket =>
    typeof port === 'number' && typeof host === 'string'
      ? connect({ port, host, lookup })
      : connect(port as never);
  return Object.assign(socket, { connect: through });
}
