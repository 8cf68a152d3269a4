import { Agent as HttpAgent } from 'node:http';
import type { Agent, RequestOptions } from 'node:https';
import { Agent as HttpsAgent } from 'node:https';
import type { User } from '@kubernetes/client-node';
import { LfctlError } from '../../errors/error.ts';
import type { KubeAccess, KubeContext } from '../../ports/kube.ts';
import { errorLine } from '../net/network-error.ts';
import { proxyUrlFor } from '../net/proxy.ts';
import type { Credential } from './exec-plugin.ts';
import { runPlugin } from './exec-plugin.ts';
import type { Loaded } from './kubeconfig.ts';

/** What a request or WebSocket to the API needs beside its path. */
interface Ticket {
  readonly agent: Agent | HttpAgent;
  readonly headers: Readonly<Record<string, string>>;
}

/** A way to one API server as one user. */
export interface Connection {
  readonly context: KubeContext;
  readonly access: KubeAccess;
  /** Headers with a login that is valid now. @throws LfctlError KUBE_UNAUTHORIZED, KUBE_CONFIG */
  readonly ticket: () => Promise<Ticket>;
  /** What is open besides requests (tunnels, commands); ended with the connection. */
  readonly open: Set<{ readonly terminate: () => void }>;
  readonly close: () => void;
}

/** Prepares connections as the kubeconfig says: certificates, tokens, login programs, proxies. */
export function openConnection(loaded: Loaded, access: KubeAccess): Connection {
  const { context, cluster, inCluster } = loaded;
  useProxyOfEnv(loaded, access);
  // There is nothing to verify without TLS; client-node refuses plain HTTP without this.
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  const login = loginSource(loaded, access);
  const open: Connection['open'] = new Set();
  let last: { credential: Credential | null; agent: Agent | HttpAgent } | null = null;
  return {
    context: {
      name: context.name,
      server: cluster.server,
      namespace: context.namespace ?? 'default',
      inCluster,
      ...proxyOf(cluster.proxyUrl),
    },
    access,
    async ticket() {
      const credential = await login();
      const options = await requestOptions(loaded, credential);
      if (last === null || last.credential?.certificate !== credential?.certificate)
        last = { credential, agent: agentOf(loaded, options) };
      return { agent: last.agent, headers: headersOf(options) };
    },
    open,
    close: () => {
      for (const socket of open) socket.terminate();
      last?.agent.destroy();
    },
  };
}

/** kubectl reads HTTPS_PROXY for the API server, too; `proxy-url` of the kubeconfig goes first. */
function useProxyOfEnv({ cluster }: Loaded, access: KubeAccess): void {
  const url = new URL(cluster.server);
  if (cluster.proxyUrl !== undefined || url.protocol !== 'https:') return;
  const proxyUrl = proxyUrlFor(url.hostname, Number(url.port || 443), access.env);
  if (proxyUrl !== null) Object.assign(cluster, { proxyUrl });
}

/** Host and port alone: a proxy's URL may hold a login. */
function proxyOf(url: string | undefined): { proxy?: string } {
  const host = url !== undefined && URL.canParse(url) ? new URL(url).host : '';
  return host === '' ? {} : { proxy: host };
}

type Login = () => Promise<Credential | null>;

/** Runs a login program once for all requests of the moment; its credential is kept until a minute before it expires. */
function loginSource({ plugin, cluster }: Loaded, access: KubeAccess): Login {
  if (plugin === null) return async () => await Promise.resolve(null);
  let kept: Promise<Credential> | null = null;
  let freshUntilMs = Infinity;
  return async () => {
    if (kept === null || performance.now() > freshUntilMs) {
      freshUntilMs = Infinity;
      // Ends before the request that waits for it, so that the program is named and not the server.
      const waitMs = access.requestTimeoutMs * 0.9;
      kept = runPlugin(plugin, cluster, access.env, waitMs, access.signal);
      kept
        .then(({ expiresAtMs }) => {
          const lastsUntilMs = (expiresAtMs ?? Infinity) - performance.timeOrigin;
          return (freshUntilMs = lastsUntilMs - 60_000);
        })
        .catch(() => (kept = null));
    }
    return await kept;
  };
}

async function requestOptions(loaded: Loaded, credential: Credential | null): Promise<RequestOptions> {
  const { config, user } = loaded;
  const options: RequestOptions = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    if (error instanceof LfctlError) throw error;
    throw configError(loaded, error);
  }
  options.headers = trimmed(headersOf(options));
  if (credential !== null) applyCredential(options, credential);
  return user === null ? options : withBasicLogin(options, user);
}

/** A token file written with an editor ends in a newline, which is no part of the token and of no header. */
function trimmed(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]));
}

/** A certificate file that is missing, a proxy of an unknown kind, a refresh token that no longer works. */
function configError({ context, user }: Loaded, error: unknown): LfctlError {
  const refresh = user?.authProvider !== undefined && user.authProvider !== null;
  const message = `context ${context.name} cannot be used: ${errorLine(error)}`;
  return new LfctlError(refresh ? 'KUBE_UNAUTHORIZED' : 'KUBE_CONFIG', { message });
}

function applyCredential(options: RequestOptions, credential: Credential): void {
  if (credential.certificate !== null) options.cert = credential.certificate;
  if (credential.key !== null) options.key = credential.key.reveal();
  if (credential.token !== null)
    options.headers = { ...headersOf(options), Authorization: `Bearer ${credential.token.reveal()}` };
}

function withBasicLogin(options: RequestOptions, user: User): RequestOptions {
  if (options.auth === undefined || options.auth === null || user.username === undefined) return options;
  const login = Buffer.from(options.auth).toString('base64');
  return { ...options, headers: { ...headersOf(options), Authorization: `Basic ${login}` } };
}

function headersOf(options: RequestOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

/** client-node makes an agent for each request; one that keeps its connections saves a TLS handshake per call. */
function agentOf({ cluster }: Loaded, options: RequestOptions): Agent | HttpAgent {
  if (cluster.proxyUrl !== undefined) return options.agent as Agent;
  if (cluster.server.startsWith('http:')) return new HttpAgent({ keepAlive: true });
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  return new HttpsAgent({
    keepAlive: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername === undefined ? {} : { servername }),
  });
}
