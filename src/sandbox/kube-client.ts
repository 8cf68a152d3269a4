import { LfctlError } from '../errors/error.ts';
import type { KubeObject } from '../ports/kube-objects.ts';
import type { KubeResource } from '../ports/kube.ts';
import type { SandboxFolder, SupervisorStatus } from './state.ts';
import { readStateJson } from './state-file.ts';

/** A plain client of the sandbox's own API: what the verbs and the faults need, and no more. */
export interface KubeClient {
  readonly get: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    name: string,
  ) => Promise<Kind | null>;
  readonly list: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    labelSelector?: string,
  ) => Promise<Kind[]>;
  readonly patch: (
    resource: KubeResource,
    namespace: string | null,
    name: string,
    body: unknown,
  ) => Promise<void>;
  readonly create: (resource: KubeResource, object: KubeObject) => Promise<void>;
  readonly remove: (resource: KubeResource, namespace: string, name: string) => Promise<void>;
  readonly text: (path: string) => Promise<string>;
}

const requestTimeoutMs = 5000;

interface Connection {
  readonly server: string;
  readonly token: string;
}

/** A client of a running sandbox, as its admin. @throws LfctlError SANDBOX_NOT_RUNNING */
export async function openKubeClient(folder: SandboxFolder, token: string): Promise<KubeClient> {
  const server = (await readStateJson<SupervisorStatus>(folder.status))?.apiUrl;
  if (server == null)
    throw new LfctlError('SANDBOX_NOT_RUNNING', { message: `the sandbox "${folder.name}" serves no API` });
  return kubeClient({ server, token });
}

interface Answer {
  readonly status: number;
  readonly path: string;
  readonly text: string;
}

/** @throws LfctlError SANDBOX_NOT_RUNNING when nothing answers, KUBE_API when the API refuses */
export function kubeClient(connection: Connection): KubeClient {
  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    send(connection, method, path, body);
  const write = async (method: string, path: string, body?: unknown): Promise<void> => {
    expectOk(await ask(method, path, body));
  };
  return {
    get: async (resource, namespace, name) => {
      const answer = await ask('GET', objectPath(resource, namespace, name));
      return answer.status === 404 ? null : JSON.parse(expectOk(answer));
    },
    list: async (resource, namespace, labelSelector) => {
      const query = labelSelector === undefined ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
      const answer = await ask('GET', `${collectionPath(resource, namespace)}${query}`);
      return (JSON.parse(expectOk(answer)) as { items: never[] }).items;
    },
    patch: (resource, namespace, name, body) => write('PATCH', objectPath(resource, namespace, name), body),
    create: (resource, object) =>
      write('POST', collectionPath(resource, object.metadata.namespace ?? null), object),
    remove: (resource, namespace, name) => write('DELETE', objectPath(resource, namespace, name)),
    text: async (path) => expectOk(await ask('GET', path)),
  };
}

async function send(
  { server, token }: Connection,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  try {
    const answer = await fetch(`${server}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      signal: AbortSignal.timeout(requestTimeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, path, text: await answer.text() };
  } catch (cause) {
    throw new LfctlError('SANDBOX_NOT_RUNNING', {
      message: `the sandbox's API at ${server} does not answer`,
      cause,
    });
  }
}

/** The body of a good answer. */
function expectOk({ status, path, text }: Answer): string {
  if (status < 300) return text;
  throw new LfctlError('KUBE_API', {
    message: `the sandbox's API answers ${status} to ${path}: ${statusMessage(text)}`,
  });
}

/** The sentence of a Status object. */
function statusMessage(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? 'no reason given';
  } catch {
    return text.slice(0, 200);
  }
}

function collectionPath({ group, version, plural }: KubeResource, namespace: string | null): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === null ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

function objectPath(resource: KubeResource, namespace: string | null, name: string): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}
