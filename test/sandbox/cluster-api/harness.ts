import { afterEach } from 'vitest';
import type { KubeResource } from '../../../src/ports/kube.ts';
import type { ApiServer, ApiServerOptions } from '../../../src/sandbox/cluster/api/server.ts';
import { startApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import type { SnapshotStore } from '../../../src/sandbox/cluster/store.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import { fakeAgent } from './fake-agent.ts';

export const resource = (group: string, version: string, plural: string): KubeResource => ({
  group,
  version,
  plural,
});
export const namespaces = resource('', 'v1', 'namespaces');
export const pods = resource('', 'v1', 'pods');
export const configMaps = resource('', 'v1', 'configmaps');
export const deployments = resource('apps', 'v1', 'deployments');

/** Tokens of the users that every test server knows. */
export const tokens = { admin: 'admin-token', viewer: 'viewer-token', nobody: 'nobody-token' } as const;

export interface Answer {
  readonly code: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

interface Ask {
  readonly token?: string | null;
  readonly type?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApi {
  readonly api: ApiServer;
  readonly store: SnapshotStore;
  readonly agent: ReturnType<typeof fakeAgent>;
  readonly ask: (method: string, path: string, options?: Ask) => Promise<Answer>;
}

const open: ApiServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A server with the namespaces `default` and `lf`; closed after the test. */
export async function startTestApi(options: Partial<ApiServerOptions> = {}): Promise<TestApi> {
  const now = options.now ?? ((): Date => new Date());
  const store = createStore(undefined, now);
  for (const name of ['default', 'lf']) store.create(namespaces, { metadata: { name } });
  const agent = fakeAgent();
  const users = [
    { name: 'admin', token: tokens.admin, groups: ['system:masters'] },
    { name: 'viewer', token: tokens.viewer, groups: ['viewers'] },
    { name: 'nobody', token: tokens.nobody, groups: [] },
  ];
  const api = await startApiServer({ store, agent, address: '127.0.0.1', port: 0, users, now, ...options });
  open.push(api);
  const ask: TestApi['ask'] = async (method, path, { token = tokens.admin, type, body, headers } = {}) => {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        'content-type': type ?? 'application/json',
        accept: 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { code: answer.status, text, json: parsed(text) };
  };
  return { api, store, agent, ask };
}

/** A Deployment of one container. */
export function deployment(name: string, image = 'langfuse/langfuse:3.199.0'): Record<string, unknown> {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image, env: [{ name: 'A', value: '1' }] }] },
      },
    },
  };
}
