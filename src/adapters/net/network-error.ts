import { LfctlError } from '../../errors/error.ts';
import { DeadlineError } from './deadline.ts';

/** How a connection failed, apart from what is spoken on it. */
type NetworkKind = 'REFUSED' | 'UNKNOWN_HOST' | 'TIMEOUT' | 'TLS' | 'CLOSED';

/** A failed connection in words, without the place. */
export interface NetworkFailure {
  readonly kind: NetworkKind;
  readonly text: string;
}

/** Node's own codes: https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors */
const codes: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: { kind: 'REFUSED', text: 'connection refused' },
  ENOTFOUND: { kind: 'UNKNOWN_HOST', text: 'the host name is not known' },
  EAI_AGAIN: { kind: 'UNKNOWN_HOST', text: 'the name server gives no answer for the host name' },
  EAI_NODATA: { kind: 'UNKNOWN_HOST', text: 'the host name has no address' },
  EAI_FAIL: { kind: 'UNKNOWN_HOST', text: 'the name server failed' },
  ETIMEDOUT: { kind: 'TIMEOUT', text: 'no connection in time' },
  EHOSTUNREACH: { kind: 'TIMEOUT', text: 'no route to the host' },
  ENETUNREACH: { kind: 'TIMEOUT', text: 'no route to the network' },
  EHOSTDOWN: { kind: 'TIMEOUT', text: 'the host is down' },
  ECONNRESET: { kind: 'CLOSED', text: 'the connection was closed before an answer' },
  ECONNABORTED: { kind: 'CLOSED', text: 'the connection was aborted' },
  EPIPE: { kind: 'CLOSED', text: 'the connection was closed while sending' },
  ERR_STREAM_PREMATURE_CLOSE: { kind: 'CLOSED', text: 'the connection was closed within an answer' },
  ERR_STREAM_DESTROYED: { kind: 'CLOSED', text: 'the connection was closed' },
  EPROTO: { kind: 'TLS', text: 'the server does not speak TLS on this port' },
  ERR_SSL_WRONG_VERSION_NUMBER: { kind: 'TLS', text: 'the server does not speak TLS on this port' },
  CERT_HAS_EXPIRED: { kind: 'TLS', text: 'the certificate has expired' },
  CERT_NOT_YET_VALID: { kind: 'TLS', text: 'the certificate is not valid yet; are the clocks right?' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { kind: 'TLS', text: 'the certificate is self-signed' },
  SELF_SIGNED_CERT_IN_CHAIN: { kind: 'TLS', text: 'the certificate authority is not trusted' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { kind: 'TLS', text: 'the certificate authority is not trusted' },
  UNABLE_TO_GET_ISSUER_CERT: { kind: 'TLS', text: 'the certificate authority is not trusted' },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { kind: 'TLS', text: 'the certificate authority is not trusted' },
};

const tlsCode = /^(?:CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/;

interface CodedError {
  readonly code?: unknown;
  readonly errors?: readonly unknown[];
  readonly message?: unknown;
}

/** The `code` of an error, or of the first of several attempts (happy eyeballs gives an AggregateError). */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, errors } = error as CodedError;
  if (typeof code === 'string') return code;
  return errors === undefined ? null : (errors.map(codeOf).find((one) => one !== null) ?? null);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** A failed connection behind an error; null when the error is about something else. */
export function networkFailure(error: unknown): NetworkFailure | null {
  if (error instanceof DeadlineError) return { kind: 'TIMEOUT', text: error.message };
  const code = codeOf(error);
  if (code === null) return null;
  const known = codes[code];
  if (error instanceof DialError) return { kind: known?.kind ?? 'CLOSED', text: error.message };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return { kind: 'TLS', text: 'the certificate is for another host name' };
  if (known !== undefined) return known;
  return tlsCode.test(code) ? { kind: 'TLS', text: `TLS failed (${code})` } : null;
}

/**
 * A connection that the dialer could not make although the tunnel works: a Service without ready pods,
 * a port nobody listens on, a name that is no Service. Its code is Node's own for the same situation.
 */
export class DialError extends Error {
  override readonly name = 'DialError';
  readonly code: string;

  constructor(code: 'ECONNREFUSED' | 'ENOTFOUND' | 'ETIMEDOUT' | 'ECONNRESET', message: string) {
    super(message);
    this.code = code;
  }
}

/** An error that needs no further words: it was made by lfctl already. */
export function asLfctlError(error: unknown): LfctlError | null {
  return error instanceof LfctlError ? error : null;
}

/** The first line of a text from outside, without tags and control characters, at most 200 characters. */
export function firstLine(text: string): string {
  const plain = text.replaceAll(/<(style|script|head)[\s\S]*?<\/\1>/gi, ' ').replaceAll(/<[^>]*>/g, ' ');
  const line = plain.split(/[\r\n]+/).find((one) => one.trim() !== '') ?? '';
  // Control characters of an answer must not reach a terminal.
  const clean = line.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}

/** The message of any error as one clean line. */
export function errorLine(error: unknown): string {
  return firstLine(messageOf(error));
}

/** `host:port`, with brackets around IPv6. */
export function place(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}
