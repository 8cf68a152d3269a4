import type { Fields } from '../fields.ts';
import { asFields } from '../fields.ts';
import type { RemoveOptions, StoredObject } from '../objects.ts';
import { groupVersion } from '../resources.ts';
import { parseObject } from './body.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { queryNumber } from './context.ts';
import { existing } from './existing.ts';
import { selected } from './list.ts';
import { deleted, methodNotAllowed } from './status.ts';
import { isDryRun, writerOf } from './write.ts';
import { checkPreconditions } from './request-checks.ts';

async function deleteOptions(request: ApiRequest): Promise<Fields> {
  const body = request.body.length === 0 ? {} : await parseObject(request.body);
  const grace = queryNumber(request.query, 'gracePeriodSeconds');
  const policy = request.query.get('propagationPolicy');
  return {
    ...body,
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
  };
}

function removeOptions(options: Fields): RemoveOptions {
  const grace = options['gracePeriodSeconds'];
  return {
    orphan: options['propagationPolicy'] === 'Orphan' || options['orphanDependents'] === true,
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
  };
}

const isDry = (request: ApiRequest, options: Fields): boolean =>
  isDryRun(request.query) || (Array.isArray(options['dryRun']) && options['dryRun'].includes('All'));

/** Kinds whose DELETE answers with the object; the rest answers with a Status. */
const answersObject = new Set([
  'pods',
  'namespaces',
  'services',
  'persistentvolumeclaims',
  'serviceaccounts',
]);

/** DELETE of one object: a pod with a grace period stays until the kubelet has ended it. */
export async function deleteObject(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const object = existing(context, request);
  const options = await deleteOptions(request);
  const { resource, namespace } = request.route;
  const { name, uid = '' } = object.metadata;
  checkPreconditions(object, options['preconditions']);
  if (!isDry(request, options)) context.store.remove(resource, namespace, name, removeOptions(options));
  if (!answersObject.has(resource.plural)) return { code: 200, json: deleted(resource, name, uid) };
  return { code: 200, json: context.store.get(resource, namespace, name) ?? ended(context, request, object) };
}

/** An object that went at once, as the real API would still show it. */
function ended(context: ApiContext, request: ApiRequest, object: StoredObject): Fields {
  const deletionTimestamp = writerOf(context, request).time;
  const metadata = { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 };
  if (request.route.resource.plural !== 'namespaces') return { ...object, metadata };
  return { ...object, metadata, status: { ...asFields(object['status']), phase: 'Terminating' } };
}

/** DELETE of a collection: what the selectors take. */
export async function deleteCollection(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const options = await deleteOptions(request);
  const { resource } = request.route;
  const items = selected(context, request);
  for (const { metadata } of isDry(request, options) ? [] : items)
    context.store.remove(resource, metadata.namespace ?? null, metadata.name, removeOptions(options));
  const list = { kind: `${resource.kind}List`, apiVersion: groupVersion(resource) };
  const metadata = { resourceVersion: String(context.store.resourceVersion()) };
  return { code: 200, json: { ...list, metadata, items } };
}

/** POST pods/NAME/eviction, as kubectl drain sends it. */
export async function evict(context: ApiContext, request: ApiRequest): Promise<Reply> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const pod = existing(context, request);
  const body = await parseObject(request.body);
  const { resource, namespace } = request.route;
  const options = removeOptions(asFields(body['deleteOptions']));
  if (!isDry(request, body)) context.store.remove(resource, namespace, pod.metadata.name, options);
  return {
    code: 201,
    json: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  };
}
