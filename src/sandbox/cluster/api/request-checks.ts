import { resources } from '../../../ports/kube-resources.ts';
import type { Fields } from '../fields.ts';
import { asFields, textOf } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import { groupVersion } from '../resources.ts';
import type { ApiContext, ApiRequest } from './context.ts';
import { badRequest, conflict, forbidden, notFound, StatusError } from './status.ts';

/** @throws StatusError 400 when the body names another kind, namespace or name than the URL */
export function checkIdentity(request: ApiRequest, object: Fields): void {
  const { resource, namespace, name } = request.route;
  const { apiVersion = '', kind = '' } = object;
  const expected = groupVersion(resource);
  const refuse = (why: string): never => {
    const version =
      textOf(apiVersion || expected)
        .split('/')
        .at(-1) ?? '';
    const shown = textOf(kind) || resource.kind;
    throw badRequest(`${shown} in version "${version}" cannot be handled as a ${resource.kind}: ${why}`);
  };
  if (apiVersion !== '' && apiVersion !== expected)
    refuse(`no kind "${textOf(kind)}" is registered for version "${textOf(apiVersion)}" in scheme`);
  if (kind !== '' && kind !== resource.kind)
    refuse(`converting (${resource.version}.${textOf(kind)}) to (${resource.kind}): unknown conversion`);
  const metadata = asFields(object['metadata']);
  const own = textOf(metadata['namespace']);
  if (own !== '' && namespace !== null && own !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  const ownName = textOf(metadata['name']);
  if (name !== null && ownName !== '' && ownName !== name)
    throw badRequest(`the name of the object (${ownName}) does not match the name on the URL (${name})`);
}

/** @throws StatusError 404 when the namespace is missing, 403 when it is being removed */
export function checkNamespace(context: ApiContext, request: ApiRequest, name: string): void {
  const { resource, namespace } = request.route;
  if (!resource.namespaced || namespace === null) return;
  const found = context.store.get(resources.namespaces, null, namespace);
  if (found === null) throw notFound(resources.namespaces, namespace);
  if (found.metadata.deletionTimestamp !== undefined)
    throw forbidden(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
}

/** A condition on the object as it lies there; the kind stands where other messages have the plural. */
function preconditionFailed(
  { kind = '', apiVersion = '', metadata }: StoredObject,
  why: string,
): StatusError {
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  return conflict({ group, version: '', plural: kind }, metadata.name, why);
}

function uidConflict(current: StoredObject, asked: string): StatusError {
  const { uid = '' } = current.metadata;
  const why = `the UID in the precondition (${asked}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
  return preconditionFailed(current, why);
}

/** @throws StatusError 409 when the body was made from an older version */
export function checkVersion(request: ApiRequest, current: StoredObject, body: Fields): void {
  const { resourceVersion, uid } = asFields(body['metadata']);
  const { resource } = request.route;
  if (textOf(resourceVersion) !== '' && resourceVersion !== current.metadata.resourceVersion)
    throw conflict(resource, current.metadata.name);
  if (textOf(uid) !== '' && uid !== current.metadata.uid) throw uidConflict(current, textOf(uid));
}

/** `preconditions` of a DELETE. @throws StatusError 409 when the object is another or has changed */
export function checkPreconditions(current: StoredObject, preconditions: unknown): void {
  const { resourceVersion, uid } = asFields(preconditions);
  const record = current.metadata.resourceVersion ?? '';
  if (textOf(uid) !== '' && uid !== current.metadata.uid) throw uidConflict(current, textOf(uid));
  if (textOf(resourceVersion) === '' || resourceVersion === record) return;
  const why = `the ResourceVersion in the precondition (${textOf(resourceVersion)}) does not match the ResourceVersion in record (${record}). The object might have been modified`;
  throw preconditionFailed(current, why);
}
