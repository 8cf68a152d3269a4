import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './errors.ts';
import { decode, header } from './request.ts';
import type { S3Request } from './request.ts';

/** The only account: MinIO's root user. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a checked signature says about the body. */
export interface Signed {
  /** Value of x-amz-content-sha256, or UNSIGNED-PAYLOAD. */
  readonly payload: string;
  /** What signatures of single chunks go on from. */
  readonly chunks: {
    readonly key: Buffer;
    readonly date: string;
    readonly scope: string;
    readonly seed: string;
  };
}

interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly presigned: boolean;
}

const skewMs = 15 * 60_000;
const week = 604_800;

/**
 * Checks signature version 4 in the header or the query.
 * Null for a request without one. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function checkSignature(request: S3Request, account: Credentials, nowMs: number): Signed | null {
  const claim = request.query.has('X-Amz-Signature') ? fromQuery(request) : fromHeader(request);
  if (claim === null) return null;
  const scope = claim.credential.slice(claim.credential.indexOf('/') + 1);
  const [day, region, service, end] = scope.split('/');
  if (end !== 'aws4_request' || day === undefined || region === undefined || service === undefined)
    throw new S3Error('AuthorizationHeaderMalformed');
  if (claim.credential.slice(0, -scope.length - 1) !== account.accessKeyId)
    throw new S3Error('InvalidAccessKeyId');
  checkTime(request, claim, nowMs);
  const key = signingKey(account.secretAccessKey, day, region, service);
  const payload =
    header(request, 'x-amz-content-sha256') ?? (claim.presigned ? 'UNSIGNED-PAYLOAD' : sha256(''));
  const canonical = sha256(canonicalRequest(request, claim, payload));
  const expected = hmac(key, ['AWS4-HMAC-SHA256', claim.date, scope, canonical].join('\n')).toString('hex');
  if (!same(expected, claim.signature)) throw new S3Error('SignatureDoesNotMatch');
  return { payload, chunks: { key, date: claim.date, scope, seed: expected } };
}

/** The key that a day, a region and a service sign with. */
export function signingKey(secret: string, day: string, region: string, service: string): Buffer {
  return hmac(hmac(hmac(hmac(Buffer.from(`AWS4${secret}`), day), region), service), 'aws4_request');
}

/** HMAC-SHA256. */
export function hmac(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest();
}

/** SHA-256 in hex. */
export function sha256(value: string | Buffer): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Compares signatures without telling by time how much was right. */
export function same(left: string, right: string): boolean {
  const [first, second] = [Buffer.from(left), Buffer.from(right)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function fromHeader(request: S3Request): Claim | null {
  const value = header(request, 'authorization');
  if (value === undefined) return null;
  if (!value.startsWith('AWS4-HMAC-SHA256')) throw new S3Error('SignatureVersionNotSupported');
  const fields = new Map(
    value
      .slice('AWS4-HMAC-SHA256'.length)
      .split(',')
      .map((field) => [
        field.slice(0, field.indexOf('=')).trim(),
        field.slice(field.indexOf('=') + 1).trim(),
      ]),
  );
  const [credential, headers, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    fields.get(name),
  );
  if (credential === undefined || headers === undefined || signature === undefined)
    throw new S3Error('AuthorizationHeaderMalformed');
  const date = header(request, 'x-amz-date');
  if (date === undefined)
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  return { credential, signedHeaders: headers.split(';'), signature, date, presigned: false };
}

function fromQuery(request: S3Request): Claim {
  const [credential, headers, signature, date] = [
    'X-Amz-Credential',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
    'X-Amz-Date',
  ].map((name) => request.query.get(name));
  if (credential == null || headers == null || signature == null || date == null)
    throw new S3Error('AuthorizationQueryParametersError');
  return { credential, signedHeaders: headers.split(';'), signature, date, presigned: true };
}

function checkTime(request: S3Request, claim: Claim, nowMs: number): void {
  const signedMs = Date.parse(
    claim.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Number.isNaN(signedMs)) throw new S3Error('AccessDenied', 'Invalid date format header');
  if (!claim.presigned) {
    if (Math.abs(nowMs - signedMs) > skewMs) throw new S3Error('RequestTimeTooSkewed');
    return;
  }
  const seconds = Number(request.query.get('X-Amz-Expires'));
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > week)
    throw new S3Error(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  if (signedMs > nowMs + skewMs) throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (nowMs > signedMs + seconds * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

function canonicalRequest(request: S3Request, claim: Claim, payload: string): string {
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort((left, right) => (left < right ? -1 : 1));
  const headers = claim.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`);
  const path = decode(request.rawPath).split('/').map(encode).join('/');
  return [request.method, path, query.join('&'), ...headers, '', claim.signedHeaders.join(';'), payload].join(
    '\n',
  );
}

function canonicalHeader(request: S3Request, name: string): string {
  return (header(request, name) ?? '').trim().replace(/\s+/g, ' ');
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
