import { LfctlError } from '../../errors/error.ts';
import type { KubeObject } from '../../ports/kube-objects.ts';
import { resourceText } from '../../ports/kube-resources.ts';
import type { KubePort, KubeResource } from '../../ports/kube.ts';
import type { Connection } from './connection.ts';
import { pathOf } from './path.ts';
import type { ApiRequest } from './request.ts';
import { requestJson } from './request.ts';

/** The part of the port that changes something. */
export function writesOf(connection: Connection): Pick<KubePort, 'create' | 'replace' | 'patch' | 'remove'> {
  return {
    create: async <Kind extends KubeObject>(resource: KubeResource, namespace: string, object: Kind) =>
      await written<Kind>(connection, {
        path: pathOf(resource, namespace),
        doing: { verb: 'create', resource: resourceText(resource), namespace },
        body: withKind(resource, object),
      }),
    replace: async <Kind extends KubeObject>(resource: KubeResource, namespace: string, object: Kind) =>
      await written<Kind>(connection, {
        path: objectPath(resource, namespace, object.metadata.name),
        doing: { verb: 'update', resource: resourceText(resource), namespace },
        method: 'PUT',
        body: withKind(resource, object),
      }),
    patch: async <Kind extends KubeObject>(
      resource: KubeResource,
      namespace: string,
      name: string,
      patch: object,
    ) =>
      await written<Kind>(connection, {
        path: objectPath(resource, namespace, name),
        doing: { verb: 'patch', resource: resourceText(resource), namespace },
        method: 'PATCH',
        body: patch,
      }),
    remove: async (resource, namespace, name, preconditions) => {
      const gone = await requestJson(connection, {
        path: objectPath(resource, namespace, name),
        doing: { verb: 'delete', resource: resourceText(resource), namespace },
        method: 'DELETE',
        body: { apiVersion: 'v1', kind: 'DeleteOptions', ...(preconditions && { preconditions }) },
      });
      return gone !== null;
    },
  };
}

const objectPath = (resource: KubeResource, namespace: string, name: string): string =>
  `${pathOf(resource, namespace)}/${encodeURIComponent(name)}`;

/** Objects out of a list carry neither; the server wants both back. */
function withKind<Kind extends KubeObject>({ group, version }: KubeResource, object: Kind): object {
  return { apiVersion: group === '' ? version : `${group}/${version}`, ...object };
}

/** A write that meets nothing is an error, unlike a look. */
async function written<Kind>(connection: Connection, request: ApiRequest): Promise<Kind> {
  const object = await requestJson<Kind>(connection, request);
  if (object !== null) return object;
  const { verb, resource, namespace } = request.doing;
  const message = `${verb} ${resource} in ${namespace ?? 'the cluster'}: there is no such object or kind`;
  throw new LfctlError('KUBE_NOT_FOUND', { message });
}
