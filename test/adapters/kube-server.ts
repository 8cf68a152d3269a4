import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeAccess } from '../../src/ports/kube.ts';

/** An HTTP server that answers as a test says, and remembers what it was asked. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  readonly asked: IncomingMessage[];
  readonly close: () => Promise<void>;
}

export async function httpServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpServer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** Answers with a JSON body. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A folder for kubeconfigs and login programs. */
export interface Folder {
  readonly path: string;
  readonly write: (name: string, text: string, mode?: number) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function testFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'lfctl-adapters-'));
  return {
    path,
    write: async (name, text, mode = 0o600) => {
      await writeFile(join(path, name), text, { mode });
      return join(path, name);
    },
    remove: async () => await rm(path, { recursive: true, force: true }),
  };
}

/** A kubeconfig with one context. */
export function kubeconfig(
  server: string,
  user: unknown = { token: 'token' },
  cluster: object = {},
  name = 'test',
): string {
  return JSON.stringify({
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `ns-of-${name}` } }],
    'current-context': name,
  });
}

export function kubeAccess(kubeconfigFile: string | null, overrides: Partial<KubeAccess> = {}): KubeAccess {
  return {
    ...(kubeconfigFile === null ? {} : { kubeconfig: kubeconfigFile }),
    requestTimeoutMs: 2000,
    signal: new AbortController().signal,
    env: {},
    ...overrides,
  };
}
