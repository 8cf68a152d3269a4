import type { Fields } from '../fields.ts';
import { asFields, textOf } from '../fields.ts';
import { parseObject } from './body.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { isTrue } from './context.ts';
import { typeFault } from './decode-types.ts';
import { existing } from './existing.ts';
import { oneObject } from './list.ts';
import { requireCreate } from './put.ts';
import { patched, patchType } from './modify.ts';
import { serverSideApply } from './server-side-apply.ts';
import { badRequest, invalid } from './status.ts';
import { createObject, replaceObject, writerOf } from './write.ts';
import { checkIdentity, checkVersion } from './request-checks.ts';

const applyNeeds = (field: string, message: string): Error =>
  invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
    { reason: 'FieldValueRequired', message, field },
  ]);

async function apply(context: ApiContext, request: ApiRequest): Promise<Reply> {
  if ((request.query.get('fieldManager') ?? '') === '')
    throw applyNeeds('fieldManager', 'Required value: is required for apply patch');
  const body = await parseObject(request.body);
  if (textOf(body['kind']) === '' || textOf(body['apiVersion']) === '')
    throw badRequest('invalid object type: /, Kind=');
  checkIdentity(request, body);
  const { resource, namespace, name } = request.route;
  const current = context.store.get(resource, namespace, name ?? '');
  if (current !== null) checkVersion(request, current, body);
  if (asFields(body['metadata'])['managedFields'] !== undefined)
    throw badRequest('metadata.managedFields must be nil');
  const force = isTrue(request.query, 'force');
  const merged = serverSideApply(current, structuredClone(body), writerOf(context, request), force);
  if (current === null) {
    requireCreate(context, request);
    return oneObject(context, request, createObject(context, request, merged, true), 201);
  }
  delete asFields(merged['metadata'])['resourceVersion'];
  return oneObject(context, request, replaceObject(context, request, current, merged, true));
}

/** PATCH of one object in any of the four ways. */
export async function patchObject(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const type = patchType(request);
  if (type === 'apply') return apply(context, request);
  const current = existing(context, request);
  const before = current.metadata.resourceVersion;
  const next = await patched(request, type, current);
  if (existing(context, request).metadata.resourceVersion !== before) return patchObject(context, request);
  checkResult(request, next);
  return oneObject(context, request, replaceObject(context, request, current, next));
}

/** A patch whose result does not decode is named as invalid, with the whole object in the message. */
function checkResult(request: ApiRequest, next: Fields): void {
  const fault = typeFault(request.route.resource, next);
  if (fault === null) return;
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(next))}: ${fault}`;
  throw invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}
