import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { sendEmpty, sendError, setCommonHeaders } from './answers.ts';
import { asS3Error, S3Error } from './errors.ts';
import { formUpload, isFormUpload } from './form-upload.ts';
import { policyVerdict } from './policy.ts';
import { readRequest } from './request.ts';
import type { S3Request } from './request.ts';
import { route } from './routes.ts';
import { checkSignature } from './signature.ts';
import type { Credentials, Signed } from './signature.ts';
import type { BucketStore } from './store.ts';

/** What the S3 server works with. */
export interface S3ServerOptions {
  readonly store: BucketStore;
  readonly account: Credentials;
  /** MINIO_DOMAIN: bucket names as sub-domains are understood only with it. */
  readonly domain: string | null;
  /** Errors that are ours, not the client's. */
  readonly report: (cause: unknown) => void;
}

/** The S3 server; the caller makes it listen. */
export function createS3Server(options: S3ServerOptions): Server {
  const server = createServer((message, response) => void answer(options, message, response));
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  // MinIO keeps idle connections; a client must not meet a closing one by our doing.
  server.keepAliveTimeout = 120_000;
  // Large uploads over slow links are legal.
  server.requestTimeout = 0;
  return server;
}

async function answer(
  options: S3ServerOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  setCommonHeaders(response, message.headers.origin);
  let request: S3Request | null = null;
  try {
    if (isHealth(message)) return sendEmpty(response, 200);
    if (message.method === 'OPTIONS') return preflight(message, response);
    request = readRequest(message, options.domain);
    await dispatch(options, request, response);
  } catch (cause) {
    refuse(options, message, response, request, cause);
  }
}

async function dispatch(
  options: S3ServerOptions,
  request: S3Request,
  response: ServerResponse,
): Promise<void> {
  const { store, account } = options;
  if (isFormUpload(request)) return formUpload({ request, response, store, account });
  const signed = checkSignature(request, account, store.clock());
  const policy = store.buckets.get(request.bucket)?.record.settings.policy;
  const verdict = policyVerdict(policy, request);
  if (verdict === 'deny' || (signed === null && verdict !== 'allow')) throw new S3Error('AccessDenied');
  await route({ request, response, store, account, signed: signed ?? anonymous });
}

const anonymous: Signed = {
  payload: 'UNSIGNED-PAYLOAD',
  chunks: { key: Buffer.alloc(0), date: '', scope: '', seed: '' },
};

function refuse(
  options: S3ServerOptions,
  message: IncomingMessage,
  response: ServerResponse,
  request: S3Request | null,
  cause: unknown,
): void {
  const error = asS3Error(cause);
  if (error.code === 'InternalError' && !message.destroyed && !response.destroyed) options.report(cause);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  // What is left of a body that nobody reads would stand in front of the next request.
  if (!message.complete) {
    response.setHeader('Connection', 'close');
    message.resume();
  }
  sendError(response, error, request);
}

/** https://min.io/docs/minio/linux/operations/monitoring/healthcheck-probe.html */
function isHealth(message: IncomingMessage): boolean {
  return /^\/minio\/health\/(?:live|ready|cluster(?:\/read)?)(?:\?|$)/.test(message.url ?? '');
}

function preflight(message: IncomingMessage, response: ServerResponse): void {
  const method = message.headers['access-control-request-method'];
  const headers = message.headers['access-control-request-headers'];
  sendEmpty(response, 204, {
    ...(method === undefined ? {} : { 'Access-Control-Allow-Methods': method }),
    ...(headers === undefined ? {} : { 'Access-Control-Allow-Headers': headers }),
  });
}
