import type { Fields } from '../fields.ts';
import { asFields, numberOf, valueAt } from '../fields.ts';
import { parseObject } from './body.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { evict } from './delete.ts';
import { existing } from './existing.ts';
import { oneObject } from './list.ts';
import { patched, patchType, scaleOf } from './modify.ts';
import { podLog, requireNode } from './pod-log.ts';
import { requestToken } from './reviews.ts';
import { badRequest, methodNotAllowed } from './status.ts';
import { isDryRun, replaceObject } from './write.ts';
import { checkVersion } from './request-checks.ts';

/** The new state that a PUT or PATCH of a subresource asks for. */
async function subresourceBody(request: ApiRequest, target: unknown): Promise<Fields> {
  if (request.method === 'PUT') return parseObject(request.body);
  if (request.method !== 'PATCH') throw methodNotAllowed();
  return patched(request, patchType(request), target);
}

async function scale(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const shown = scaleOf(existing(context, request));
  if (request.method === 'GET') return { code: 200, json: shown };
  const wanted = await subresourceBody(request, shown);
  const current = existing(context, request);
  checkVersion(request, current, request.method === 'PUT' ? wanted : {});
  const replicas = numberOf(valueAt(wanted, 'spec', 'replicas'));
  const { resourceVersion: _, ...metadata } = current.metadata;
  const next = { ...current, metadata, spec: { ...asFields(current['spec']), replicas } };
  return { code: 200, json: scaleOf(replaceObject(context, request, current, next)) };
}

async function status(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const found = existing(context, request);
  if (request.method === 'GET') return oneObject(context, request, found);
  const wanted = await subresourceBody(request, found);
  const current = existing(context, request);
  if (request.method === 'PUT') checkVersion(request, current, wanted);
  const { resource, namespace } = request.route;
  const { name } = current.metadata;
  const next = isDryRun(request.query)
    ? { ...current, status: wanted['status'] }
    : context.store.setStatus(resource, namespace, name, wanted['status']);
  return oneObject(context, request, next ?? current);
}

/** Answers a request for a part of an object. */
export function subresource(context: ApiContext, request: ApiRequest, name: string): Promise<Reply> {
  switch (name) {
    case 'log':
      return podLog(context, request, existing(context, request));
    case 'scale':
      return scale(context, request);
    case 'status':
      return status(context, request);
    case 'token':
      return requestToken(context, request, existing(context, request));
    case 'eviction':
      return evict(context, request);
    default:
      requireNode(existing(context, request));
      throw badRequest(`${name} needs a WebSocket: Upgrade request required`);
  }
}
