import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { connect, rootCertificates } from 'node:tls';
import { DialError } from './network-error.ts';

/** How TLS is to be spoken over a connection that the dialer made. */
export interface TlsWish {
  /** PEM of an own authority, trusted beside the public ones. */
  readonly certificateAuthority?: string | undefined;
}

/**
 * Speaks TLS over a connection; the certificate must fit the host name that was dialled.
 * @throws Node's TLS errors by `code`, ECONNRESET when the other side ends it
 */
export async function secure(
  plain: Duplex,
  host: string,
  wish: TlsWish,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const own = wish.certificateAuthority;
  const socket = connect({
    socket: plain,
    // RFC 6066 section 3: no address in SNI; the certificate is still checked against `host`.
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(own === undefined ? {} : { ca: [...rootCertificates, own] }),
  });
  await handshake(socket, plain, signal);
  return socket;
}

/** Waits for the handshake; where there is none, the connection below is closed as well. @throws as `secure` */
export async function handshake(socket: TLSSocket, plain: Duplex, signal: AbortSignal): Promise<void> {
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', () => resolve());
      socket.once('error', reject);
      socket.once('close', () =>
        reject(new DialError('ECONNRESET', 'the connection was closed in the TLS handshake')),
      );
    });
  } catch (error) {
    plain.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
