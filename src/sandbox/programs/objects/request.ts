import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';

/** What a request asks for, before anybody has checked who asks. */
export interface S3Request {
  readonly message: IncomingMessage;
  readonly method: string;
  /** Path as it was sent, for the signature. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

const longestKeyBytes = 1024;

/** Takes bucket and key from the path, or the bucket from the Host header where a domain is configured. */
export function readRequest(message: IncomingMessage, domain: string | null): S3Request {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const host = (message.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const virtual = domain !== null && host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : null;
  const path = decode(rawPath.replace(/^\//, ''));
  const slash = path.indexOf('/');
  const first = slash < 0 ? path : path.slice(0, slash);
  return {
    message,
    method: message.method ?? 'GET',
    rawPath,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    bucket: virtual ?? first,
    key: checkedKey(virtual === null ? (slash < 0 ? '' : path.slice(slash + 1)) : path),
  };
}

/** One header as text. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.message.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Decodes a path. @throws S3Error InvalidURI */
export function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

function checkedKey(key: string): string {
  if (Buffer.byteLength(key) > longestKeyBytes) throw new S3Error('KeyTooLongError');
  if (key.includes('\0') || key.split('/').some((part) => part === '..' || part === '.'))
    throw new S3Error('XMinioInvalidObjectName');
  return key;
}
