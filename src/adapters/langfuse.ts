import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { LfctlError } from '../errors/error.ts';
import type { Access } from '../ports/dialer.ts';
import type { HttpAnswer, LangfuseTarget, OpenLangfuse } from '../ports/langfuse.ts';
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
    return {
      get: async (path) => await get(target, access, agent, path, {}),
      getWithKeys: async (path) => await get(target, access, agent, path, keysOf(target)),
      close: () => agent.destroy(),
    };
  };
}

function keysOf(target: LangfuseTarget): Readonly<Record<string, string>> {
  const { publicKey, secretKey } = target;
  if (publicKey === undefined || secretKey === undefined)
    throw new LfctlError('LANGFUSE_AUTH', {
      message: 'no key pair is given for this request',
      fixes: [{ text: 'set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY' }],
    });
  const login = Buffer.from(`${publicKey}:${secretKey.reveal()}`).toString('base64');
  return { authorization: `Basic ${login}` };
}

async function get(
  target: LangfuseTarget,
  access: Access,
  agent: Agent,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const startedMs = performance.now();
  try {
    return await within(access.queryTimeoutMs, access.signal, async (signal) => {
      const answer = await send(urlOf(target, path), agent, headers, signal);
      const body = await readBody(answer, keepBytes, readBytes);
      return {
        status: answer.statusCode ?? 0,
        ms: Math.round(performance.now() - startedMs),
        keepAliveSeconds: keepAliveSeconds(answer.headers['keep-alive']),
        contentType: answer.headers['content-type'] ?? null,
        body: body.bytes.toString('utf8'),
        truncated: body.truncated,
      };
    });
  } catch (error) {
    throw langfuseError(target, error);
  }
}

/** The path is added to that of the base URL: NEXT_PUBLIC_BASE_PATH puts Langfuse below one. */
function urlOf(target: LangfuseTarget, path: string): URL {
  const base = target.url.replace(/\/+$/, '');
  return new URL(`${base}${path.startsWith('/') ? '' : '/'}${path}`);
}

async function send(
  url: URL,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const options = {
      agent,
      signal,
      // Node answers with its Keep-Alive header only when it is asked to keep the connection.
      headers: { accept: '*/*', 'user-agent': 'lfctl', connection: 'keep-alive', ...headers },
    };
    request(url, options, resolve).once('error', reject).end();
  });
}
