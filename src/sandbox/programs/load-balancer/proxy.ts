import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeepAliveAgent } from './keep-alive-agent.ts';
import { errorPage } from './pages.ts';
import type { LoadBalancerFailure, LoadBalancerStyle } from './pages.ts';

/** How the load balancer runs. */
export interface LoadBalancerOptions {
  readonly address: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** How long an idle upstream connection is kept and used again: 600 s on GKE, 60 s on ALB and nginx. */
  readonly idleMs: number;
  /** Whose error pages it shows; `gclb` by default. */
  readonly style?: LoadBalancerStyle;
  /**
   * How long a request is on its way to the backend, 1 ms by default as between zones: the time in which a
   * backend that closes an idle connection meets a request that was already sent on it.
   */
  readonly latencyMs?: number;
  /** How long a backend may take to answer, 30 s by default as on GKE. */
  readonly timeoutMs?: number;
  /** A ready backend for the next request; a rejection means that there is none. */
  readonly upstream: () => Promise<{ readonly host: string; readonly port: number }>;
  /** Is told about each answered request. */
  readonly observe?: (entry: AccessEntry) => void;
}

/** One line of an access log. */
export interface AccessEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly failure: LoadBalancerFailure | null;
}

/** A running load balancer. */
export interface LoadBalancer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Of one connection only, so not passed on: RFC 9110 §7.6.1. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Starts the proxy that stands for the Ingress' load balancer or the mesh's gateway. It never retries: a request
 * that meets the close of a reused connection is answered with an error page.
 * @throws EADDRINUSE and the like
 */
export async function startLoadBalancer(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const agent = new KeepAliveAgent(options.idleMs);
  const server = createServer((message, response) => void serve(options, agent, message, response));
  server.keepAliveTimeout = options.idleMs;
  server.requestTimeout = 0;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(options.port, options.address);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

async function serve(
  options: LoadBalancerOptions,
  agent: KeepAliveAgent,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const failure = await forward(options, agent, message, response);
  if (failure !== null) sendPage(options, message, response, failure);
  options.observe?.({
    method: message.method ?? '',
    path: message.url ?? '',
    status: response.statusCode,
    failure,
  });
}

/** Passes a request on; gives why that failed, or null. */
async function forward(
  options: LoadBalancerOptions,
  agent: KeepAliveAgent,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<LoadBalancerFailure | null> {
  const backend = await options.upstream().catch(() => null);
  if (backend === null) return 'no-backend';
  const upstream = httpRequest({
    ...backend,
    agent,
    method: message.method,
    path: message.url,
    headers: requestHeaders(message),
  });
  // What fails here is seen by whoever waits for the answer; afterwards nobody needs it.
  upstream.on('error', () => undefined);
  response.on('close', () => upstream.destroy());
  try {
    const answer = await exchange(options, message, upstream);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer));
    await pipeline(answer, response);
    return null;
  } catch (cause) {
    return failureOf(cause);
  } finally {
    if (!upstream.writableEnded) upstream.destroy();
  }
}

async function exchange(
  options: LoadBalancerOptions,
  message: IncomingMessage,
  upstream: ClientRequest,
): Promise<IncomingMessage> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('timeout')), options.timeoutMs ?? 30_000);
  // The answer is listened for from the start: a reset comes while the request is still on its way.
  const answered = once(upstream, 'response', { signal: deadline.signal });
  answered.catch(() => undefined);
  try {
    await Promise.race([sleep(options.latencyMs ?? 1), answered]);
    message.on('error', () => upstream.destroy());
    message.pipe(upstream);
    const [answer] = await answered;
    return answer as IncomingMessage;
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(cause: unknown): LoadBalancerFailure {
  if (!(cause instanceof Error)) return 'reset';
  if (cause.name === 'AbortError') return 'timeout';
  const code = 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' ? 'refused' : 'reset';
}

function sendPage(
  { style = 'gclb' }: LoadBalancerOptions,
  message: IncomingMessage,
  response: ServerResponse,
  failure: LoadBalancerFailure,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  message.unpipe();
  message.resume();
  const page = errorPage(style, failure);
  response.writeHead(page.status, {
    'Content-Type': page.contentType,
    'Content-Length': Buffer.byteLength(page.body),
    ...(style === 'gclb' ? { 'Referrer-Policy': 'no-referrer' } : { Server: style }),
  });
  response.end(page.body);
}

function requestHeaders(message: IncomingMessage): OutgoingHttpHeaders {
  const client = message.socket.remoteAddress ?? '';
  const before = message.headers['x-forwarded-for'];
  const chunked = message.headers['transfer-encoding'];
  return {
    ...endToEnd(message),
    ...(chunked === undefined ? {} : { 'transfer-encoding': chunked }),
    'x-forwarded-for': before === undefined ? client : `${String(before)}, ${client}`,
    'x-forwarded-proto': 'http',
    via: '1.1 google',
  };
}

function responseHeaders(answer: IncomingMessage): OutgoingHttpHeaders {
  return { ...endToEnd(answer), via: '1.1 google' };
}

function endToEnd(message: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(message.headers).filter(([name]) => !hopByHop.has(name)));
}
