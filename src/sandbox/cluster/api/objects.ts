import { parseObject } from './body.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { isTrue } from './context.ts';
import { deleteCollection, deleteObject } from './delete.ts';
import { existing } from './existing.ts';
import { listObjects, oneObject } from './list.ts';
import { checkAccept, checkWriteOptions } from './options.ts';
import { patchObject } from './patch.ts';
import { putObject } from './put.ts';
import { answerReview } from './reviews.ts';
import { methodNotAllowed } from './status.ts';
import { subresource } from './subresources.ts';
import { watchObjects } from './watch.ts';
import { createObject } from './write.ts';

async function objectVerb(context: ApiContext, request: ApiRequest): Promise<Reply> {
  switch (request.method) {
    case 'GET':
      return oneObject(context, request, existing(context, request));
    case 'PUT':
      return putObject(context, request);
    case 'PATCH':
      return patchObject(context, request);
    case 'DELETE':
      return deleteObject(context, request);
    default:
      throw methodNotAllowed();
  }
}

async function collectionVerb(context: ApiContext, request: ApiRequest): Promise<Reply> {
  switch (request.method) {
    case 'GET':
      return isTrue(request.query, 'watch') ? watchObjects(context, request) : listObjects(context, request);
    case 'POST': {
      const body = await parseObject(request.body, request.route.resource.kind);
      if (request.route.resource.namespaced && request.route.namespace === null) throw methodNotAllowed();
      return oneObject(context, request, createObject(context, request, body), 201);
    }
    case 'DELETE':
      return deleteCollection(context, request);
    default:
      throw methodNotAllowed();
  }
}

/** Answers an authorised request for objects. @throws StatusError */
export async function answerObjects(context: ApiContext, request: ApiRequest): Promise<Reply> {
  const { resource, name, subresource: part } = request.route;
  if (part !== 'log') checkAccept(request);
  checkWriteOptions(request);
  if (!resource.stored) return answerReview(context, request);
  if (name === null) return collectionVerb(context, request);
  if (part !== null) return subresource(context, request, part);
  return objectVerb(context, request);
}
