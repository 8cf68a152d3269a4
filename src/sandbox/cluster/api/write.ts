import { randomBytes, randomUUID } from 'node:crypto';
import type { KubeObject } from '../../../ports/kube-objects.ts';
import { withDefaults } from '../defaults/defaults.ts';
import type { Fields } from '../fields.ts';
import { asFields, child, textOf } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import type { ResourceEntry } from '../resources.ts';
import { groupVersion } from '../resources.ts';
import { nextGeneration } from '../store.ts';
import { timestamp } from '../timestamp.ts';
import type { ApiContext, ApiRequest } from './context.ts';
import { checkTypes } from './decode-types.ts';
import type { Writer } from './managed-fields.ts';
import { trackUpdate } from './managed-fields.ts';
import { checkIdentity, checkNamespace, checkVersion } from './request-checks.ts';
import { alreadyExists, StatusError } from './status.ts';
import { validateChange } from './validate-change.ts';
import { validate } from './validate.ts';

/** `--dry-run=server`: everything is checked, nothing is kept. */
export const isDryRun = (query: URLSearchParams): boolean => query.getAll('dryRun').includes('All');

/** Who the request's changes belong to: fieldManager, else the client's name of its User-Agent. */
export function writerOf(context: ApiContext, request: ApiRequest): Writer {
  const agent = (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  return {
    manager: request.query.get('fieldManager') ?? agent,
    apiVersion: groupVersion(request.route.resource),
    time: timestamp(context.now()),
    subresource: request.route.subresource ?? '',
  };
}

function named(request: ApiRequest, object: Fields): Fields {
  const metadata: Fields = { ...asFields(object['metadata']) };
  const { namespace, resource } = request.route;
  if (resource.namespaced) metadata['namespace'] = namespace;
  if (request.route.name !== null) metadata['name'] = request.route.name;
  const prefix = textOf(metadata['generateName']);
  if (prefix !== '' && textOf(metadata['name']) === '')
    metadata['name'] = `${prefix}${randomBytes(4).toString('hex').slice(0, 5)}`;
  for (const field of ['uid', 'creationTimestamp', 'resourceVersion', 'generation', 'selfLink'])
    delete metadata[field];
  return { ...object, metadata };
}

const asObject = (fields: Fields): KubeObject => fields as unknown as KubeObject;

/** The object as it would be stored, for dry runs; the version stays, as nothing is written. */
function shown(
  context: ApiContext,
  request: ApiRequest,
  fields: Fields,
  current?: StoredObject,
): StoredObject {
  const { resource } = request.route;
  const generation = current && nextGeneration(resource, fields, current);
  const metadata = {
    uid: randomUUID(),
    creationTimestamp: timestamp(context.now()),
    ...asFields(fields['metadata']),
    ...(current === undefined ? {} : { resourceVersion: current.metadata.resourceVersion }),
    ...(generation === undefined ? {} : { generation }),
  };
  return {
    ...fields,
    apiVersion: groupVersion(resource),
    kind: resource.kind,
    metadata,
  } as unknown as StoredObject;
}

/** A new object begins with the status that the server gives it. */
function withoutStatus(resource: ResourceEntry, body: Fields): Fields {
  const { status: _status, ...rest } = body;
  return resource.subresources.includes('status') ? rest : body;
}

/** Stores a new object. @throws StatusError 400, 403, 404, 409, 422 */
export function createObject(
  context: ApiContext,
  request: ApiRequest,
  body: Fields,
  tracked = false,
): StoredObject {
  const { resource } = request.route;
  checkIdentity(request, body);
  checkTypes(resource, body);
  const object = withDefaults(resource, named(request, withoutStatus(resource, body)));
  const name = textOf(asFields(object['metadata'])['name']);
  checkNamespace(context, request, name);
  validate(resource, object);
  if (textOf(asFields(body['metadata'])['resourceVersion']) !== '')
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  if (context.store.get(resource, request.route.namespace, name) !== null)
    throw alreadyExists(resource, name);
  const full = tracked ? object : trackUpdate(null, object, writerOf(context, request));
  return isDryRun(request.query)
    ? shown(context, request, full)
    : context.store.create(resource, asObject(full));
}

/** Fields that a cluster assigns and that a PUT without them keeps. */
function keepAssigned(current: StoredObject, next: Fields): void {
  const assigned: Readonly<Record<string, readonly string[]>> = {
    Service: ['clusterIP', 'clusterIPs'],
    PersistentVolumeClaim: ['volumeName'],
    Pod: ['nodeName', 'serviceAccountName'],
    Job: ['selector'],
  };
  const before = asFields(current['spec']);
  for (const field of assigned[current.kind ?? ''] ?? [])
    if (before[field] !== undefined) child(next, 'spec')[field] ??= before[field];
}

/** Replaces an object by a complete new state. @throws StatusError 400, 409, 422 */
export function replaceObject(
  context: ApiContext,
  request: ApiRequest,
  current: StoredObject,
  body: Fields,
  tracked = false,
): StoredObject {
  const { resource } = request.route;
  checkIdentity({ ...request, route: { ...request.route, subresource: null } }, body);
  checkTypes(resource, body);
  checkVersion(request, current, body);
  const kept = asFields(current.metadata);
  const metadata: Fields = { ...asFields(body['metadata']) };
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'generation', 'deletionTimestamp'])
    if (kept[field] === undefined) delete metadata[field];
    else metadata[field] = kept[field];
  delete metadata['resourceVersion'];
  const draft: Fields = { ...structuredClone(body), metadata };
  keepAssigned(current, draft);
  const next = withDefaults(resource, draft);
  if (resource.subresources.includes('status')) next['status'] = current['status'];
  validateChange(resource, current, next);
  const full = tracked ? next : trackUpdate(current, next, writerOf(context, request));
  return isDryRun(request.query)
    ? shown(context, request, full, current)
    : context.store.update(resource, asObject(full));
}
