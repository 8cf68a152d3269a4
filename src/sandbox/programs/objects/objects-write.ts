import { copyFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { sendEmpty, sendXml } from './answers.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import { findVersion, matchesEtag, versionHeaders } from './objects-read.ts';
import { receiveBody } from './receive.ts';
import type { Blob } from './receive.ts';
import type { ObjectVersion } from './records.ts';
import { decode, header } from './request.ts';
import type { S3Request } from './request.ts';
import type { Bucket, BucketStore } from './store.ts';
import { documentOf, text } from './xml.ts';

const keptHeaders = /^(?:x-amz-meta-.*|cache-control|content-disposition|content-language|expires)$/;

/** Content type, metadata and tags that a PUT or a new upload brings. */
export function describedBy(
  request: S3Request,
): Pick<ObjectVersion, 'contentType' | 'metadata'> & { readonly tags?: Readonly<Record<string, string>> } {
  const metadata: Record<string, string> = {};
  for (const name of Object.keys(request.message.headers))
    if (keptHeaders.test(name)) metadata[name] = header(request, name) ?? '';
  const encoding = (header(request, 'content-encoding') ?? '').replace(/aws-chunked,?\s*/, '');
  if (encoding !== '') metadata['content-encoding'] = encoding;
  const tagging = header(request, 'x-amz-tagging');
  return {
    contentType: header(request, 'content-type') ?? 'binary/octet-stream',
    metadata,
    ...(tagging === undefined ? {} : { tags: Object.fromEntries(new URLSearchParams(tagging)) }),
  };
}

/** PUT of an object: nothing is to be seen of it before its last byte is there and right. */
export async function writeObject(exchange: Exchange): Promise<void> {
  const { request, response, signed, store } = exchange;
  const bucket = store.bucket(request.bucket);
  checkConditions(request, bucket);
  const received = await receiveBody(request, signed, store.blobPath);
  try {
    checkConditions(request, bucket);
    const version = store.putVersion(bucket, request.key, {
      deleteMarker: false,
      etag: received.md5,
      sizeBytes: received.blob.sizeBytes,
      blobs: [received.blob],
      checksums: received.checksums,
      ...describedBy(request),
      ...defaultRetention(bucket, store.clock()),
    });
    sendEmpty(response, 200, {
      ETag: `"${version.etag}"`,
      ...received.checksums,
      ...versionHeaders(version),
    });
  } catch (cause) {
    store.discard([received.blob]);
    throw cause;
  }
}

/** PUT with x-amz-copy-source. */
export async function copyObject({ request, response, store }: Exchange): Promise<void> {
  const source = copySource(request, store);
  const bucket = store.bucket(request.bucket);
  const blobs: Blob[] = [];
  for (const blob of source.blobs) {
    const id = randomUUID();
    await copyFile(store.blobPath(blob.id), store.blobPath(id));
    blobs.push({ id, sizeBytes: blob.sizeBytes });
  }
  const replaces = header(request, 'x-amz-metadata-directive')?.toUpperCase() === 'REPLACE';
  const { retention: _, ...rest } = source;
  const version = store.putVersion(bucket, request.key, {
    ...rest,
    blobs,
    ...(replaces ? describedBy(request) : {}),
    ...defaultRetention(bucket, store.clock()),
  });
  sendXml(
    response,
    copyResult('CopyObjectResult', version.etag, version.modifiedMs),
    versionHeaders(version),
  );
}

/** The answer to a copy of an object or a part. */
export function copyResult(root: string, etag: string, modifiedMs: number): string {
  return documentOf(
    root,
    text('LastModified', new Date(modifiedMs).toISOString()),
    text('ETag', `"${etag}"`),
  );
}

/** The version that x-amz-copy-source names. */
export function copySource(request: S3Request, store: BucketStore): ObjectVersion {
  const [path = '', version] = (header(request, 'x-amz-copy-source') ?? '').split('?versionId=');
  const source = decode(path).replace(/^\//, '');
  const slash = source.indexOf('/');
  if (slash < 1) throw new S3Error('InvalidArgument');
  return findVersion(store.bucket(source.slice(0, slash)), source.slice(slash + 1), version ?? null);
}

/** DELETE of an object or a version. An object that is not there is no error. */
export function removeObject({ request, response, store }: Exchange): void {
  const bucket = store.bucket(request.bucket);
  const removed = removeVersion(store, bucket, request.key, request.query.get('versionId'));
  sendEmpty(response, 204, {
    ...(removed.versionId === undefined ? {} : { 'x-amz-version-id': removed.versionId }),
    ...(removed.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  });
}

/** What a DELETE did. */
export interface Removed {
  readonly versionId?: string;
  readonly deleteMarker: boolean;
}

/** Removes a version, or puts a delete marker on top where the bucket keeps versions. */
export function removeVersion(
  store: BucketStore,
  bucket: Bucket,
  key: string,
  versionId: string | null,
): Removed {
  if (versionId === null && bucket.record.versioning !== null) return putMarker(store, bucket, key);
  const wanted = versionId ?? 'null';
  const version = bucket.objects.get(key)?.find((candidate) => candidate.versionId === wanted);
  if (version === undefined) return { deleteMarker: false };
  if (version.retention !== undefined && Date.parse(version.retention.until) > store.clock())
    throw new S3Error('AccessDenied', 'Object is WORM protected and cannot be overwritten');
  store.commit({ type: 'version-gone', bucket: bucket.record.name, key, versionId: wanted });
  return versionId === null
    ? { deleteMarker: false }
    : { versionId: wanted, deleteMarker: version.deleteMarker };
}

function putMarker(store: BucketStore, bucket: Bucket, key: string): Removed {
  const marker = store.putVersion(bucket, key, {
    deleteMarker: true,
    etag: '',
    sizeBytes: 0,
    blobs: [],
    contentType: '',
    metadata: {},
    checksums: {},
  });
  return { versionId: marker.versionId, deleteMarker: true };
}

/** @throws S3Error PreconditionFailed, NoSuchKey */
export function checkConditions(request: S3Request, bucket: Bucket): void {
  const current = bucket.objects.get(request.key)?.[0];
  const there = current !== undefined && !current.deleteMarker ? current : null;
  const [match, noneMatch] = [header(request, 'if-match'), header(request, 'if-none-match')];
  if (noneMatch !== undefined && there !== null && matchesEtag(noneMatch, there))
    throw new S3Error('PreconditionFailed');
  if (match === undefined) return;
  if (there === null) throw new S3Error('NoSuchKey');
  if (!matchesEtag(match, there)) throw new S3Error('PreconditionFailed');
}

/** How long a new version is locked by the bucket's rule. */
export function defaultRetention(bucket: Bucket, nowMs: number): Pick<ObjectVersion, 'retention'> {
  const rule = bucket.record.settings['object-lock'] ?? '';
  const mode = /<Mode>(\w+)<\/Mode>/.exec(rule)?.[1];
  if (mode === undefined) return {};
  const days =
    Number(/<Days>(\d+)</.exec(rule)?.[1] ?? 0) + 365 * Number(/<Years>(\d+)</.exec(rule)?.[1] ?? 0);
  return { retention: { mode, until: new Date(nowMs + days * 86_400_000).toISOString() } };
}
