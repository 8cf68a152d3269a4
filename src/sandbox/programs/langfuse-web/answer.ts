import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What a route answers: JSON, a page, or bare text as Next's own error. */
export type Answer = AnswerHead &
  ({ readonly json: unknown } | { readonly html: string } | { readonly text: string });

interface AnswerHead {
  readonly status: number;
  /** Headers of this answer alone. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer thrown from the depth of a route. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly answer: Answer;

  constructor(status: number, json: object) {
    super(JSON.stringify(json));
    this.answer = { status, json };
  }
}

/** Next's answer when nothing caught the error: no content type (web-s3-unreachable capture). */
export const bareError: Answer = { status: 500, text: 'Internal Server Error' };

/** Headers of every answer, as the captures have them. */
const common = {
  'document-policy': 'js-profiling',
  'permissions-policy': 'autoplay=*, fullscreen=*, microphone=*',
  'referrer-policy': 'strict-origin-when-cross-origin',
  vary: 'Origin, Accept-Encoding',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-robots-tag': 'noindex',
};

/** Next compresses from this size on. */
const gzipFromBytes = 1024;

/** Writes an answer with the headers that the real server sets. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  if ('text' in answer) {
    response.writeHead(answer.status, { ...common, ...answer.headers }).end(answer.text);
    return;
  }
  const page = 'html' in answer;
  const body = Buffer.from(page ? answer.html : JSON.stringify(answer.json));
  const headers = {
    ...common,
    ...answer.headers,
    'content-type': page ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
  };
  const packed = body.length >= gzipFromBytes && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (packed) {
    response.writeHead(answer.status, { ...headers, 'content-encoding': 'gzip' });
    response.end(gzipSync(body));
    return;
  }
  response.writeHead(answer.status, { ...headers, 'content-length': body.length }).end(body);
}

/** Next's body limit for the JSON routes. */
export const jsonLimitBytes = 4.5 * 1024 * 1024;

/** @throws HttpError 413 above the limit */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  if (size > limitBytes) throw new HttpError(413, { message: 'Body exceeded 4.5mb limit' });
  return Buffer.concat(chunks);
}
