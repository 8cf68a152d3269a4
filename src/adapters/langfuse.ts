import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { LfctlError } from '../errors/error.ts';
import type { Access } from '../ports/dialer.ts';
import type { HttpAnswer, HttpRequest, LangfuseTarget, OpenLangfuse } from '../ports/langfuse.ts';
import { langfuseError } from './langfuse/failure.ts';
import { keepAliveSeconds } from './langfuse/keep-alive.ts';
import { dialAgent } from './net/dial-agent.ts';
import { within } from './net/deadline.ts';
import { readBody } from './net/http-body.ts';
import type { ProxyEnv } from './net/proxy.ts';

const keepBytes = 64 * 1024;
const readBytes = 10 * 1024 * 1024;

type Agent = ReturnType<typeof dialAgent>;

/** Makes clients; HTTPS_PROXY of the environment holds for https URLs that are reached directly. */
export function langfuseOpener(proxyEnv?: ProxyEnv): OpenLangfuse {
  return (target, access) => {
    const agent = dialAgent(access, { tls: target.url.startsWith('https:') ? {} : null, proxyEnv });
    const ask = async (request: HttpRequest): Promise<HttpAnswer> =>
      await exchange(target, access, agent, request);
    return {
      get: async (path) => await ask({ method: 'GET', path }),
      getWithKeys: async (path) => await ask(withKeys(target, { method: 'GET', path })),
      send: ask,
      sendWithKeys: async (request) => await ask(withKeys(target, request)),
      close: () => agent.destroy(),
    };
  };
}

function withKeys(target: LangfuseTarget, request: HttpRequest): HttpRequest {
  const { publicKey, secretKey } = target;
  if (publicKey === undefined || secretKey === undefined)
    throw new LfctlError('LANGFUSE_AUTH', {
      message: 'no key pair is given for this request',
      fixes: [{ text: 'set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY' }],
    });
  const login = Buffer.from(`${publicKey}:${secretKey.reveal()}`).toString('base64');
  return { ...request, headers: { ...request.headers, authorization: `Basic ${login}` } };
}

async function exchange(
  target: LangfuseTarget,
  access: Access,
  agent: Agent,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const startedMs = performance.now();
  try {
    return await within(access.queryTimeoutMs, access.signal, async (signal) => {
      const answer = await send(urlOf(target, request.path), agent, request, signal);
      const body = await readBody(answer, keepBytes, readBytes);
      return {
        status: answer.statusCode ?? 0,
        ms: Math.round(performance.now() - startedMs),
        keepAliveSeconds: keepAliveSeconds(answer.headers['keep-alive']),
        contentType: answer.headers['content-type'] ?? null,
        ...whence(answer),
        body: body.bytes.toString('utf8'),
        truncated: body.truncated,
      };
    });
  } catch (error) {
    throw langfuseError(target, error);
  }
}

/** Headers of what stands before Langfuse, where they are there. */
function whence({ headers: { location, server } }: IncomingMessage): Pick<HttpAnswer, 'location' | 'server'> {
  return {
    ...(location === undefined ? {} : { location }),
    ...(server === undefined ? {} : { server: [server].flat().join(', ') }),
  };
}

/** The path is added to that of the base URL: NEXT_PUBLIC_BASE_PATH puts Langfuse below one. */
function urlOf(target: LangfuseTarget, path: string): URL {
  const base = target.url.replace(/\/+$/, '');
  return new URL(`${base}${path.startsWith('/') ? '' : '/'}${path}`);
}

async function send(
  url: URL,
  agent: Agent,
  { method, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const options = {
      method,
      agent,
      signal,
      // Node answers with its Keep-Alive header only when it is asked to keep the connection.
      headers: {
        accept: '*/*',
        'user-agent': 'lfctl',
        connection: 'keep-alive',
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
        ...headers,
      },
    };
    request(url, options, resolve).once('error', reject).end(body);
  });
}
