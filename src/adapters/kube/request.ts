import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { within } from '../net/deadline.ts';
import { readBody } from '../net/http-body.ts';
import { codeOf } from '../net/network-error.ts';
import type { Connection } from './connection.ts';
import { answerError, brokenError } from './failure.ts';

/** What a request is for, in the words of a Role: forbidden messages name it. */
export interface Doing {
  readonly verb: string;
  readonly resource: string;
  /** Null for all namespaces and for what has none. */
  readonly namespace: string | null;
}

/** One request to the API. */
export interface ApiRequest {
  readonly path: string;
  readonly doing: Doing;
  /** Sent as JSON; without it the request is a GET, with it a POST, unless `method` says otherwise. */
  readonly body?: unknown;
  readonly method?: 'PUT' | 'PATCH' | 'DELETE';
  /** A 400 or 404 whose message fits is an empty answer. */
  readonly emptyOn?: RegExp;
}

/** A page of 500 big Secrets stays below it. */
const answerLimitBytes = 256 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly text: string;
  /** From Retry-After. */
  readonly retryAfterMs: number | null;
}

/** One object; null on 404. @throws LfctlError KUBE_* */
export async function requestJson<Value>(connection: Connection, request: ApiRequest): Promise<Value | null> {
  const answer = await send(connection, request);
  if (answer.status === 404) return null;
  if (answer.status >= 300) throw answerError(connection.context, request.doing, answer.status, answer.text);
  try {
    return JSON.parse(answer.text) as Value;
  } catch {
    throw answerError(connection.context, request.doing, answer.status, answer.text);
  }
}

/** A plain text. @throws LfctlError KUBE_* */
export async function requestText(connection: Connection, request: ApiRequest): Promise<string> {
  const answer = await send(connection, request);
  if (answer.status < 300) return answer.text;
  if (request.emptyOn?.test(answer.text) === true) return '';
  throw answerError(connection.context, request.doing, answer.status, answer.text);
}

async function send(connection: Connection, request: ApiRequest): Promise<Answer> {
  const { access, context } = connection;
  try {
    return await within(access.requestTimeoutMs, access.signal, async (signal) => {
      try {
        return await sendPatiently(connection, request, signal);
      } catch (error) {
        // The server closed a kept connection at the moment it was used again; it never saw the request.
        if (codeOf(error) !== 'ECONNRESET' || !wasReused(error) || signal.aborted) throw error;
        return await sendOnce(connection, request, signal);
      }
    });
  } catch (error) {
    throw brokenError(context, error);
  }
}

/** A server that is overloaded says after how many seconds to come back: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ */
async function sendPatiently(
  connection: Connection,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Answer> {
  for (;;) {
    const answer = await sendOnce(connection, request, signal);
    if (answer.status !== 429 || answer.retryAfterMs === null) return answer;
    await wait(answer.retryAfterMs, undefined, { signal });
  }
}

async function sendOnce(connection: Connection, request: ApiRequest, signal: AbortSignal): Promise<Answer> {
  const ticket = await connection.ticket();
  const text = request.body === undefined ? null : JSON.stringify(request.body);
  const answer = await exchange(new URL(urlOf(connection, request.path)), text, {
    agent: ticket.agent,
    signal,
    method: request.method ?? (text === null ? 'GET' : 'POST'),
    headers: {
      accept: 'application/json, */*',
      'user-agent': 'lfctl',
      // Node gives a DELETE no length of its own, and its body would be read as the next request.
      ...(text === null
        ? {}
        : { 'content-type': contentType(request), 'content-length': String(Buffer.byteLength(text)) }),
      ...ticket.headers,
    },
  });
  const body = await readBody(answer, answerLimitBytes, answerLimitBytes);
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
  const retryAfterMs = Number.isNaN(seconds) ? null : Math.max(seconds, 0.1) * 1000;
  return { status: answer.statusCode ?? 0, text: body.bytes.toString('utf8'), retryAfterMs };
}

const contentType = ({ method }: ApiRequest): string =>
  method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';

/** The server may stand below a path: Rancher serves clusters under /k8s/clusters/ID. */
export function urlOf(connection: Connection, path: string): string {
  return `${connection.context.server.replace(/\/+$/, '')}${path}`;
}

const reused = new WeakSet<object>();

function wasReused(error: unknown): boolean {
  return typeof error === 'object' && error !== null && reused.has(error);
}

async function exchange(url: URL, body: string | null, options: RequestOptions): Promise<IncomingMessage> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const request = start(url, options, resolve);
    request.once('error', (error) => {
      if (request.reusedSocket) reused.add(error);
      reject(error);
    });
    request.end(body ?? undefined);
  });
}
