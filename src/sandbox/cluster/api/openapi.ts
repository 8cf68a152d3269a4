import type { ResourceEntry } from '../resources.ts';
import { groupVersion, resources } from '../resources.ts';

/** What kubectl calls the version; 1.32 is the kubectl that the tests run with. */
export const serverVersion = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.4',
  gitCommit: 'sandbox',
  gitTreeState: 'clean',
  buildDate: '2025-04-22T00:00:00Z',
  goVersion: 'go1.23.6',
  compiler: 'gc',
  platform: 'linux/amd64',
} as const;

const prefix = (resource: ResourceEntry): string =>
  resource.group === '' ? 'api/v1' : `apis/${groupVersion(resource)}`;

/** Index of the OpenAPI v3 documents. */
export function openApiIndex(): object {
  const paths = [...new Set(resources.map(prefix))].map((path) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${serverVersion.gitVersion}` },
  ]);
  return { paths: Object.fromEntries(paths) as object };
}

/** kubectl apply asks the document whether the server validates fields itself; without, it wants v2 protobuf. */
const queryParameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force', 'pretty'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

const operation = (action: string, gvk: object): object => ({
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': gvk,
  parameters: queryParameters,
  responses: { 200: { description: 'OK' } },
});

const text = (description: string): object => ({ type: 'string', description });
const object = (description: string): object => ({ type: 'object', description });

/** Enough of a schema for `kubectl explain KIND`: the common top-level fields. */
const schema = (resource: ResourceEntry, gvk: object): object => ({
  description: `${resource.kind} as the sandbox's API keeps it. Full reference: https://kubernetes.io/docs/reference/kubernetes-api/`,
  type: 'object',
  'x-kubernetes-group-version-kind': [gvk],
  'x-kubernetes-preserve-unknown-fields': true,
  properties: {
    apiVersion: text('Version of the schema of this object.'),
    kind: text('The kind of this object.'),
    metadata: object('Name, namespace, labels, annotations, owners.'),
    ...(['configmaps', 'secrets'].includes(resource.plural)
      ? { data: object('The values by key.') }
      : {
          spec: object('What is wanted.'),
          ...(resource.subresources.includes('status') ? { status: object('What was last observed.') } : {}),
        }),
  },
});

/** One group version's OpenAPI v3 document; null when it is not served. `path` is `api/v1` or `apis/apps/v1`. */
export function openApiDocument(path: string): object | null {
  const own = resources.filter((resource) => prefix(resource) === path);
  if (own.length === 0) return null;
  const paths: Record<string, object> = {};
  const schemas: Record<string, object> = {};
  for (const resource of own) {
    const gvk = { group: resource.group, version: resource.version, kind: resource.kind };
    const base = `/${path}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}`;
    paths[base] = { get: operation('list', gvk), post: operation('post', gvk) };
    paths[`${base}/{name}`] = {
      get: operation('get', gvk),
      put: operation('put', gvk),
      patch: operation('patch', gvk),
      delete: operation('delete', gvk),
    };
    schemas[`io.k8s.${resource.group || 'core'}.${resource.version}.${resource.kind}`] = schema(
      resource,
      gvk,
    );
  }
  const info = { title: 'Kubernetes', version: serverVersion.gitVersion };
  return { openapi: '3.0.0', info, paths, components: { schemas } };
}

const field = (number: number, value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
};

/** helm 3.10 parses it; the `@v1.0` form that servers used to send breaks its media type parser. */
export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** An OpenAPI v2 document without definitions, as gnostic protobuf: swagger, info {title, version}, paths. */
export function openApiV2(): Buffer {
  const info = Buffer.concat([field(1, 'Kubernetes'), field(2, serverVersion.gitVersion)]);
  return Buffer.concat([field(1, '2.0'), field(2, info), field(8, '')]);
}
