import type { KubeObject } from '../ports/kube-objects.ts';
import type {
  AccessQuestion,
  KubePort,
  KubeResource,
  ListOptions,
  LogOptions,
  OpenKube,
} from '../ports/kube.ts';
import { resources, resourceText } from '../ports/kube-resources.ts';
import type { Connection } from './kube/connection.ts';
import { openConnection } from './kube/connection.ts';
import { exec } from './kube/exec.ts';
import { forward } from './kube/forward.ts';
import { loadKubeconfig } from './kube/kubeconfig.ts';
import type { Doing } from './kube/request.ts';
import { pathOf } from './kube/path.ts';
import { requestJson, requestText } from './kube/request.ts';
import { writesOf } from './kube/writes.ts';

/** Objects per page of a list, as kubectl asks for them. */
const pageSize = 500;
/** More log than this of one container is cut by the server. */
const logLimitBytes = 10 * 1024 * 1024;

/** Finds the cluster and makes a client of its API; nothing is asked of it before the first call. */
export const openKube: OpenKube = async (access) => {
  const connection = openConnection(await loadKubeconfig(access), access);
  return {
    context: connection.context,
    version: async () => await version(connection),
    list: async <Kind extends KubeObject>(resource: KubeResource, options: ListOptions = {}) =>
      await list<Kind>(connection, resource, options),
    get: async <Kind extends KubeObject>(resource: KubeResource, namespace: string | null, name: string) =>
      await requestJson<Kind>(connection, {
        path: `${pathOf(resource, namespace)}/${encodeURIComponent(name)}`,
        doing: { verb: 'get', resource: resourceText(resource), namespace },
      }),
    ...writesOf(connection),
    logs: async (options) => await logs(connection, options),
    can: async (question) => await can(connection, question),
    forward: async (...where) => await forward(connection, ...where),
    exec: async (...where) => await exec(connection, ...where),
    close: () => connection.close(),
  } satisfies KubePort;
};

async function version(connection: Connection): Promise<string> {
  const doing: Doing = { verb: 'get', resource: '/version', namespace: null };
  const answer = await requestJson<{ gitVersion?: string }>(connection, { path: '/version', doing });
  return answer?.gitVersion ?? 'unknown';
}

interface Page<Kind> {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly Kind[] | null;
  readonly kind?: string;
  readonly apiVersion?: string;
}

async function list<Kind extends KubeObject>(
  connection: Connection,
  resource: KubeResource,
  options: ListOptions,
): Promise<Kind[]> {
  const doing: Doing = {
    verb: 'list',
    resource: resourceText(resource),
    namespace: options.namespace ?? null,
  };
  const found: Kind[] = [];
  let next = '';
  do {
    const query = queryText({
      limit: pageSize,
      continue: next || undefined,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
    });
    const path = `${pathOf(resource, options.namespace)}?${query}`;
    const page = await requestJson<Page<Kind>>(connection, { path, doing });
    // 404: the cluster does not have this kind.
    if (page === null) return [];
    found.push(...(page.items ?? []));
    next = page.metadata?.continue ?? '';
  } while (next !== '');
  return found;
}

function queryText(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value));
  return query.toString();
}

async function logs(connection: Connection, options: LogOptions): Promise<string> {
  const { namespace, pod, container } = options;
  const query = queryText({
    container,
    previous: options.previous,
    tailLines: options.tailLines,
    sinceSeconds: options.sinceSeconds,
    timestamps: options.timestamps,
    limitBytes: logLimitBytes,
  });
  const path = `${pathOf(resources.pods, namespace)}/${encodeURIComponent(pod)}/log?${query}`;
  const doing: Doing = { verb: 'get', resource: 'pods/log', namespace };
  return await requestText(connection, {
    path,
    doing,
    // "previous terminated container … not found" is 400, and no failure: there simply was none.
    ...(options.previous === true ? { emptyOn: /previous terminated container/ } : {}),
  });
}

async function can(connection: Connection, question: AccessQuestion): Promise<boolean> {
  const [resource = '', subresource] = question.resource.split('/');
  const { verb, group, namespace } = question;
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...optional('subresource', subresource),
    ...optional('namespace', namespace),
  };
  const answer = await requestJson<{ status?: { allowed?: boolean } }>(connection, {
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    doing: { verb: 'create', resource: 'selfsubjectaccessreviews.authorization.k8s.io', namespace: null },
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
  });
  return answer?.status?.allowed === true;
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, string>>);
}
