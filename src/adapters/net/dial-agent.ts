import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Access } from '../../ports/dialer.ts';
import { within } from './deadline.ts';
import type { Proxy, ProxyEnv } from './proxy.ts';
import { proxyFor, tunnelThrough } from './proxy.ts';
import { socketLike } from './socket-like.ts';
import type { TlsWish } from './tls-stream.ts';
import { secure } from './tls-stream.ts';

interface AgentTarget {
  readonly host?: string | null;
  readonly port?: number | string | null;
}

type Deliver = (error: Error | null, stream?: Duplex) => void;

/** What beside the dialer an HTTP connection goes by. */
export interface DialAgentOptions {
  /** Null for plain HTTP. */
  readonly tls: TlsWish | null;
  /** HTTPS_PROXY and NO_PROXY; only for hosts that are reached directly. */
  readonly proxyEnv?: ProxyEnv | undefined;
}

/** An agent of node:http(s) whose connections come from the dialer, each within the connect deadline. */
export function dialAgent(access: Access, options: DialAgentOptions): HttpAgent | HttpsAgent {
  const agent =
    options.tls === null ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  const open = (target: AgentTarget, deliver: Deliver): undefined => {
    const host = (target.host ?? 'localhost').replace(/^\[|\]$/g, '');
    const port = Number(target.port ?? (options.tls === null ? 80 : 443));
    openStream(host, port, access, options).then(
      (stream) => deliver(null, stream),
      (error: unknown) => deliver(error instanceof Error ? error : new Error(String(error))),
    );
    return undefined;
  };
  // Node calls it with a callback and takes `undefined` for "later": https://nodejs.org/api/http.html#agentcreateconnectionoptions-callback
  return Object.assign(agent, { createConnection: open });
}

async function openStream(
  host: string,
  port: number,
  access: Access,
  options: DialAgentOptions,
): Promise<Duplex> {
  return await within(access.connectTimeoutMs, access.signal, async (signal) => {
    const way = await openWay(host, port, access, options, signal);
    return options.tls === null ? socketLike(way) : await secure(way, host, options.tls, signal);
  });
}

/** A connection by the dialer, through the proxy of the environment where that holds; TLS is not spoken on it yet. */
export async function openWay(
  host: string,
  port: number,
  access: Access,
  options: DialAgentOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  const proxy = options.tls === null ? null : await proxyOnTheWay(host, port, access, options);
  const plain = await access.dialer.connect(proxy?.host ?? host, proxy?.port ?? port, signal);
  return proxy === null ? plain : await tunnelThrough(plain, proxy, host, port, signal);
}

/** The proxy of the environment, for hosts that are outside of the cluster. */
async function proxyOnTheWay(
  host: string,
  port: number,
  { dialer }: Access,
  options: DialAgentOptions,
): Promise<Proxy | null> {
  const proxy = proxyFor(host, port, options.proxyEnv);
  if (proxy === null) return null;
  const route = dialer.findRoute === undefined ? dialer.route(host) : await dialer.findRoute(host, port);
  return route === 'direct' ? proxy : null;
}
