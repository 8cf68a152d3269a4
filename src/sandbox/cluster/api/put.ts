import { asFields, textOf } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import type { ResourceEntry } from '../resources.ts';
import { accessTo } from './access.ts';
import { parseObject } from './body.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { oneObject } from './list.ts';
import { requireAccess } from './rbac.ts';
import { checkIdentity } from './request-checks.ts';
import { invalid, notFound } from './status.ts';
import { wrong } from './validate.ts';
import { createObject, replaceObject } from './write.ts';

/**
 * Kinds that a PUT may create (AllowCreateOnUpdate of
 * https://github.com/kubernetes/kubernetes/tree/release-1.36/pkg/registry).
 */
const createdByPut = new Set([
  'leases',
  'events',
  'endpoints',
  'services',
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
]);

/** Kinds whose PUT must say which version it was made from (AllowUnconditionalUpdate). */
function needsVersion(resource: ResourceEntry): boolean {
  return resource.custom || ['leases', 'poddisruptionbudgets'].includes(resource.plural);
}

/** PUT of one object: replaces it, or creates it where its kind allows that. @throws StatusError */
export async function putObject(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const { resource, namespace, name } = request.route;
  const body = await parseObject(request.body, resource.kind);
  checkIdentity(request, body);
  const current = context.store.get(resource, namespace, name ?? '');
  if (current !== null) {
    checkConditional(resource, current, textOf(asFields(body['metadata'])['resourceVersion']));
    return oneObject(context, request, replaceObject(context, request, current, body));
  }
  if (!createdByPut.has(resource.plural)) throw notFound(resource, name ?? '');
  requireCreate(context, request);
  return oneObject(context, request, createObject(context, request, body), 201);
}

/** What creates by another verb needs the right to create as well. @throws StatusError 403 */
export function requireCreate(context: ApiContext, request: ApiRequest): void {
  requireAccess(context.store, request.identity, accessTo('create', request.route));
}

function checkConditional(resource: ResourceEntry, current: StoredObject, version: string): void {
  if (version !== '' || !needsVersion(resource)) return;
  throw invalid({ group: resource.group, kind: resource.plural }, current.metadata.name, [
    wrong('metadata.resourceVersion', '0', 'must be specified for an update'),
  ]);
}
