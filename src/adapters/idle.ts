import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Access } from '../ports/dialer.ts';
import type { HoldIdle, IdleOutcome } from '../ports/idle.ts';
import { langfuseError } from './langfuse/failure.ts';
import { keepAliveSeconds } from './langfuse/keep-alive.ts';
import { stopReason, within } from './net/deadline.ts';
import { dialAgent } from './net/dial-agent.ts';
import { readBody } from './net/http-body.ts';
import type { ProxyEnv } from './net/proxy.ts';

const bodyBytes = 64 * 1024;

type Agent = ReturnType<typeof dialAgent>;

/** Holds connections; HTTPS_PROXY of the environment holds for https URLs that are reached directly. */
export function idleHolder(proxyEnv?: ProxyEnv): HoldIdle {
  return async (url, idleMs, access) => {
    const agent = dialAgent(access, { tls: url.startsWith('https:') ? {} : null, proxyEnv });
    try {
      return await hold(url, idleMs, access, stubborn(agent));
    } catch (error) {
      throw langfuseError({ url }, error);
    } finally {
      agent.destroy();
    }
  };
}

/** Node closes a connection a second before the server's Keep-Alive header lets it; here the server is to do it. */
const stubborn = (agent: Agent): Agent =>
  Object.assign(agent, { keepSocketAlive: () => true, maxSockets: 1 });

async function hold(url: string, idleMs: number, access: Access, agent: Agent): Promise<IdleOutcome> {
  const first = await ask(url, access, agent);
  const startedMs = performance.now();
  const after = (): number => Math.round(performance.now() - startedMs);
  const promisedSeconds = keepAliveSeconds(first.answer.headers['keep-alive']);
  const ended = await endOf(first.socket, idleMs, access.signal);
  if (ended !== null) return { ended, afterMs: after(), promisedSeconds, status: null };
  const afterMs = after();
  const second = await ask(url, access, agent).catch(() => null);
  // A new connection would show nothing of the old one.
  const isSame = second !== null && second.socket === first.socket;
  const status = isSame ? (second.answer.statusCode ?? null) : null;
  return { ended: isSame ? null : 'reset', afterMs, promisedSeconds, status };
}

interface Asked {
  readonly answer: IncomingMessage;
  readonly socket: Duplex;
}

async function ask(url: string, access: Access, agent: Agent): Promise<Asked> {
  return await within(access.queryTimeoutMs, access.signal, async (signal) => {
    const asked = await send(url, agent, signal);
    await readBody(asked.answer, bodyBytes, bodyBytes);
    return asked;
  });
}

async function send(url: string, agent: Agent, signal: AbortSignal): Promise<Asked> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const headers = { accept: '*/*', 'user-agent': 'lfctl', connection: 'keep-alive' };
    const sent = request(url, { agent, signal, headers }, (answer) =>
      resolve({ answer, socket: answer.socket }),
    );
    sent.once('error', reject).end();
  });
}

/** Null when the connection outlives the time. */
async function endOf(socket: Duplex, idleMs: number, signal: AbortSignal): Promise<IdleOutcome['ended']> {
  const over = new AbortController();
  // An error comes before the close, and `once` ends with it.
  const closed = socket.destroyed
    ? Promise.resolve()
    : once(socket, 'close', { signal: over.signal }).catch(() => undefined);
  const rest = pause(idleMs, undefined, { signal: AbortSignal.any([signal, over.signal]) });
  await Promise.race([closed, rest.catch(() => undefined)]);
  over.abort();
  if (signal.aborted) throw stopReason(signal);
  if (!socket.destroyed) return null;
  return socket.errored === null ? 'closed' : 'reset';
}
