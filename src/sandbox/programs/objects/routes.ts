import {
  bucketLocation,
  createBucket,
  headBucket,
  listBuckets,
  removeBucket,
  removeMany,
} from './buckets.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import { listObjects, listVersions } from './listing-answers.ts';
import { abortUpload, completeUpload, listParts, listUploads, startUpload, writePart } from './multipart.ts';
import { objectRetention, objectTagging } from './object-settings.ts';
import { readObject } from './objects-read.ts';
import { copyObject, removeObject, writeObject } from './objects-write.ts';
import { header } from './request.ts';
import { bucketSetting, bucketVersioning, settingOf } from './settings.ts';

/** Answers a request whose sender is known. */
export async function route(exchange: Exchange): Promise<void> {
  const { bucket, key, method } = exchange.request;
  if (bucket === '') {
    if (method !== 'GET') throw new S3Error('MethodNotAllowed');
    return listBuckets(exchange);
  }
  return key === '' ? routeBucket(exchange) : routeObject(exchange);
}

async function routeBucket(exchange: Exchange): Promise<void> {
  const { method, query } = exchange.request;
  const setting = settingOf(query);
  if (setting !== null) return bucketSetting(exchange, setting);
  if (query.has('versioning')) return bucketVersioning(exchange);
  if (query.has('cors')) throw corsAnswer(exchange);
  switch (method) {
    case 'GET':
      return listBucket(exchange);
    case 'HEAD':
      return headBucket(exchange);
    case 'PUT':
      return createBucket(exchange);
    case 'DELETE':
      return removeBucket(exchange);
    case 'POST':
      if (query.has('delete')) return removeMany(exchange);
      throw new S3Error('MethodNotAllowed');
    default:
      throw new S3Error('MethodNotAllowed');
  }
}

/** MinIO keeps no CORS rules per bucket: it allows every origin, and refuses to store rules. */
function corsAnswer({ request, store }: Exchange): S3Error {
  store.bucket(request.bucket);
  return new S3Error(request.method === 'GET' ? 'NoSuchCORSConfiguration' : 'NotImplemented');
}

function listBucket(exchange: Exchange): void {
  const { query } = exchange.request;
  if (query.has('location')) return bucketLocation(exchange);
  if (query.has('uploads')) return listUploads(exchange);
  if (query.has('versions')) return listVersions(exchange);
  return listObjects(exchange);
}

async function routeObject(exchange: Exchange): Promise<void> {
  const { method, query } = exchange.request;
  const upload = query.has('uploadId');
  if (query.has('tagging')) return objectTagging(exchange);
  if (query.has('retention')) return objectRetention(exchange);
  switch (method) {
    case 'GET':
    case 'HEAD':
      return upload ? listParts(exchange) : readObject(exchange);
    case 'PUT':
      return put(exchange, upload);
    case 'POST':
      if (query.has('uploads')) return startUpload(exchange);
      if (upload) return completeUpload(exchange);
      throw new S3Error('MethodNotAllowed');
    case 'DELETE':
      return upload ? abortUpload(exchange) : removeObject(exchange);
    default:
      throw new S3Error('MethodNotAllowed');
  }
}

function put(exchange: Exchange, upload: boolean): Promise<void> {
  if (upload) return writePart(exchange);
  return header(exchange.request, 'x-amz-copy-source') === undefined
    ? writeObject(exchange)
    : copyObject(exchange);
}
