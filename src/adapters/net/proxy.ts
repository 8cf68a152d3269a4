import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { Secret } from '../../deployment/secret.ts';
import { DialError, place } from './network-error.ts';
import { socketLike } from './socket-like.ts';

/** Variables that name a proxy, as curl and Go read them, in either case. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

/** An HTTP proxy that makes tunnels by CONNECT. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Value of Proxy-Authorization. */
  readonly authorization: Secret | null;
}

function named(env: ProxyEnv, name: string): string {
  return env[name] ?? env[name.toLowerCase()] ?? '';
}

/** Whether NO_PROXY excepts a host: exact names, `.suffix`, `*`, a port after a colon. Loopback always is. */
function isExcepted(host: string, port: number, env: ProxyEnv): boolean {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  return named(env, 'NO_PROXY')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => excepts(entry, host.toLowerCase(), port));
}

function excepts(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const [, name = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const suffix = name.replace(/^\*?\./, '');
  return host === suffix || host.endsWith(`.${suffix}`);
}

/** The value of HTTPS_PROXY when it holds for this host; null when none does. */
export function proxyUrlFor(host: string, port: number, env: ProxyEnv | undefined): string | null {
  if (env === undefined || isExcepted(host, port, env)) return null;
  const value = named(env, 'HTTPS_PROXY') || named(env, 'ALL_PROXY');
  return value === '' ? null : value;
}

/** The HTTP proxy for a host; null when there is none or it is of another kind. */
export function proxyFor(host: string, port: number, env: ProxyEnv | undefined): Proxy | null {
  const value = proxyUrlFor(host, port, env);
  const text = value === null || value.includes('://') ? value : `http://${value}`;
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'http:') return null;
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization =
    url.username === '' ? null : new Secret(`Basic ${Buffer.from(login).toString('base64')}`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || '80'), authorization };
}

/** Asks the proxy at the other end of a connection for a tunnel. @throws DialError when it refuses */
export async function tunnelThrough(
  plain: Duplex,
  proxy: Proxy,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  const stream = socketLike(plain);
  const ask = request({
    method: 'CONNECT',
    path: place(host, port),
    signal,
    createConnection: () => stream,
    headers: {
      host: place(host, port),
      ...(proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization.reveal() }),
    },
  });
  return await new Promise<Duplex>((resolve, reject) => {
    ask.once('error', reject);
    ask.once('connect', (answer, tunnel, head) => {
      if (head.length > 0) tunnel.unshift(head);
      if (answer.statusCode === 200) resolve(tunnel);
      else reject(refused(proxy, answer.statusCode ?? 0, tunnel));
    });
    ask.end();
  });
}

function refused(proxy: Proxy, status: number, tunnel: Duplex): DialError {
  tunnel.destroy();
  return new DialError(
    'ECONNREFUSED',
    `the proxy ${place(proxy.host, proxy.port)} refused the tunnel (HTTP ${status})`,
  );
}
