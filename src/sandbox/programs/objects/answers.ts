import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { S3Error } from './errors.ts';
import type { S3Request } from './request.ts';
import { tag, text } from './xml.ts';

/** Header values of an answer. */
export type Headers = Readonly<Record<string, string | number>>;

/** Headers that MinIO sets on every answer. */
export function setCommonHeaders(response: ServerResponse, origin: string | undefined): void {
  response.setHeader('Server', 'MinIO');
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('X-Amz-Request-Id', randomBytes(8).toString('hex').toUpperCase());
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Xss-Protection', '1; mode=block');
  response.setHeader('Vary', 'Origin');
  if (origin === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', '*');
}

/** An XML document. */
export function sendXml(response: ServerResponse, body: string, headers: Headers = {}, status = 200): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': 'application/xml', 'Content-Length': length, ...headers });
  response.end(body);
}

/** No body. */
export function sendEmpty(response: ServerResponse, status = 204, headers: Headers = {}): void {
  response.writeHead(
    status,
    status === 204 || status === 304 ? headers : { 'Content-Length': 0, ...headers },
  );
  response.end();
}

/** The `<Error>` document; HEAD gets the status alone. */
export function sendError(response: ServerResponse, error: S3Error, request: S3Request | null): void {
  if (request?.method === 'HEAD' || error.status === 304) return sendEmpty(response, error.status);
  const id = String(response.getHeader('X-Amz-Request-Id') ?? '');
  const named = [
    request?.key ? text('Key', request.key) : '',
    request?.bucket ? text('BucketName', request.bucket) : '',
    text('Resource', request?.rawPath ?? '/'),
  ];
  const body = tag(
    'Error',
    text('Code', error.code),
    text('Message', error.message),
    ...named,
    text('RequestId', id),
  );
  sendXml(response, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {}, error.status);
}
