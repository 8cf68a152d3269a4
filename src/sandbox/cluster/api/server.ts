import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAgent } from '../node-agent.ts';
import type { ObjectStore } from '../objects.ts';
import { answer, statusOf } from './answer.ts';
import type { Certificate } from './certificate.ts';
import { selfSignedCertificate } from './certificate.ts';
import type { ApiContext, Reply } from './context.ts';
import type { ApiUser } from './identity.ts';
import { createAuthenticator } from './identity.ts';
import { listen } from './listener.ts';
import { createUpgrader } from './socket-channels.ts';
import { answerUpgrade } from './upgrade.ts';

/** What the emulated API works on, and where it listens. */
export interface ApiServerOptions {
  readonly store: ObjectStore;
  readonly agent: NodeAgent;
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly users: readonly ApiUser[];
  readonly now: () => Date;
  /** Certificate of the HTTPS side; self-signed for the address when left out. */
  readonly tls?: Certificate;
}

/** A running API server. */
export interface ApiServer {
  /** Plain HTTP, for clients on this machine that send their token over it. kubectl and helm do not. */
  readonly url: string;
  /** The same port over TLS: what a kubeconfig must name for kubectl and helm to send a token. */
  readonly secureUrl: string;
  /** PEM, for `certificate-authority-data`. */
  readonly certificate: string;
  readonly port: number;
  /** Ends every connection, watches and sessions too. */
  readonly close: () => Promise<void>;
}

async function reply(response: ServerResponse, result: Reply): Promise<void> {
  if ('stream' in result) return result.stream(response);
  const body = 'json' in result ? JSON.stringify(result.json) : result.bytes;
  const type = result.type ?? 'application/json';
  response.writeHead(result.code, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
  return undefined;
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = statusOf(error);
  const challenge = status.code === 401 ? { 'www-authenticate': 'Bearer' } : {};
  response.writeHead(status.code ?? 500, { 'content-type': 'application/json', ...challenge });
  response.end(JSON.stringify(status));
}

async function handle(
  context: ApiContext,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  try {
    await reply(response, await answer(context, message, gone.signal));
  } catch (error) {
    fail(response, error);
  }
}

/**
 * One port for HTTP and HTTPS.
 * @throws LfctlError SANDBOX_PORT when the port is taken
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, agent, now, users, address } = options;
  const authenticator = createAuthenticator(store, users, now);
  const context: ApiContext = { store, agent, now, authenticator };
  const upgrader = createUpgrader();
  const certificate =
    options.tls ?? selfSignedCertificate([address, 'localhost', 'kubernetes.default.svc'], now());
  const listener = await listen(
    address,
    options.port,
    certificate,
    (message, response) => void handle(context, message, response),
    (request, socket, head) => void answerUpgrade(context, upgrader, request, socket, head),
  );
  return {
    url: `http://${address}:${listener.port}`,
    secureUrl: `https://${address}:${listener.port}`,
    certificate: certificate.cert,
    port: listener.port,
    close: () => {
      upgrader.close();
      return listener.close();
    },
  };
}
