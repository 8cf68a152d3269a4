import { createHash, createHmac } from 'node:crypto';

/** Whose key signs. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** AWS escapes everything but unreserved characters. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key in a path: slashes stay. */
export function escapedKey(key: string): string {
  return key.split('/').map(escaped).join('/');
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Headers that sign a request (AWS Signature Version 4, docs.aws.amazon.com). */
export function signedHeaders(
  credentials: S3Credentials,
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Record<string, string> {
  const time = stamp();
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
  };
  const names = Object.keys(all)
    .map((name) => name.toLowerCase())
    .sort();
  const lines = names.map((name) => `${name}:${(all[name] ?? '').trim()}\n`).join('');
  const request = [method, url.pathname, query(url), lines, names.join(';'), sha256(body)].join('\n');
  const signature = sign(credentials, time, request);
  const credential = `${credentials.accessKeyId}/${scope(credentials, time)}`;
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** A URL that carries its signature: what clients PUT media to. Headers named here must be sent as they are. */
export function presignedUrl(
  credentials: S3Credentials,
  method: string,
  url: URL,
  expiresSeconds: number,
  headers: Readonly<Record<string, string>> = {},
): string {
  const time = stamp();
  const all: Record<string, string> = { ...headers, host: url.host };
  const names = Object.keys(all).sort();
  const signed = new URL(url);
  signed.searchParams.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256');
  signed.searchParams.set('X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD');
  signed.searchParams.set('X-Amz-Credential', `${credentials.accessKeyId}/${scope(credentials, time)}`);
  signed.searchParams.set('X-Amz-Date', time);
  signed.searchParams.set('X-Amz-Expires', String(expiresSeconds));
  signed.searchParams.set('X-Amz-SignedHeaders', names.join(';'));
  const lines = names.map((name) => `${name}:${all[name] ?? ''}\n`).join('');
  const request = [method, signed.pathname, query(signed), lines, names.join(';'), 'UNSIGNED-PAYLOAD'].join(
    '\n',
  );
  return `${signed.origin}${signed.pathname}?${query(signed)}&X-Amz-Signature=${sign(credentials, time, request)}`;
}

function stamp(): string {
  return new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
}

function scope({ region }: S3Credentials, time: string): string {
  return `${time.slice(0, 8)}/${region}/s3/aws4_request`;
}

function query(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&');
}

function sign(credentials: S3Credentials, time: string, request: string): string {
  const text = ['AWS4-HMAC-SHA256', time, scope(credentials, time), sha256(request)].join('\n');
  const day = hmac(`AWS4${credentials.secretAccessKey}`, time.slice(0, 8));
  const key = hmac(hmac(hmac(day, credentials.region), 's3'), 'aws4_request');
  return hmac(key, text).toString('hex');
}
