import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { sendEmpty } from './answers.ts';
import type { Headers } from './answers.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import type { ObjectVersion } from './records.ts';
import { header } from './request.ts';
import type { S3Request } from './request.ts';
import type { Bucket, BucketStore } from './store.ts';

/** The version asked for, or the newest. @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function findVersion(bucket: Bucket, key: string, versionId: string | null): ObjectVersion {
  const versions = bucket.objects.get(key);
  const found = versionId ? versions?.find((version) => version.versionId === versionId) : versions?.[0];
  if (found === undefined) throw new S3Error(versionId ? 'NoSuchVersion' : 'NoSuchKey');
  if (found.deleteMarker) throw new S3Error(versionId ? 'MethodNotAllowed' : 'NoSuchKey');
  return found;
}

/** x-amz-version-id where the bucket keeps versions. */
export function versionHeaders(version: ObjectVersion): Headers {
  return version.versionId === 'null' ? {} : { 'x-amz-version-id': version.versionId };
}

/** GET and HEAD of an object, whole or a range. */
export async function readObject({ request, response, store }: Exchange): Promise<void> {
  const bucket = store.bucket(request.bucket);
  const version = findVersion(bucket, request.key, request.query.get('versionId'));
  if (isNotModified(request, version)) return sendEmpty(response, 304, { ETag: `"${version.etag}"` });
  const range = wantedRange(header(request, 'range'), version.sizeBytes);
  const [start, end] = range ?? [0, version.sizeBytes - 1];
  response.writeHead(range === null ? 200 : 206, {
    ...objectHeaders(request, version),
    'Content-Length': end - start + 1,
    ...(range === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${version.sizeBytes}` }),
  });
  if (request.method === 'HEAD' || version.sizeBytes === 0) {
    response.end();
    return;
  }
  await pipeline(bytesOf(store, version, start, end), response);
}

/** The bytes of a version from start to end, both included. */
export async function* bytesOf(
  store: BucketStore,
  version: ObjectVersion,
  start: number,
  end: number,
): AsyncIterable<Buffer> {
  let offset = 0;
  for (const blob of version.blobs) {
    const [first, last] = [
      Math.max(start, offset) - offset,
      Math.min(end, offset + blob.sizeBytes - 1) - offset,
    ];
    if (first <= last) yield* createReadStream(store.blobPath(blob.id), { start: first, end: last });
    offset += blob.sizeBytes;
  }
}

function objectHeaders(request: S3Request, version: ObjectVersion): Headers {
  const overrides = [...request.query]
    .filter(([name]) => name.startsWith('response-'))
    .map(([name, value]) => [name.slice('response-'.length), value]);
  const tags = Object.keys(version.tags ?? {}).length;
  return {
    'content-type': version.contentType,
    ETag: `"${version.etag}"`,
    'Last-Modified': new Date(version.modifiedMs).toUTCString(),
    ...version.metadata,
    ...(tags > 0 ? { 'x-amz-tagging-count': tags } : {}),
    ...(header(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' ? version.checksums : {}),
    ...versionHeaders(version),
    ...Object.fromEntries(overrides),
  };
}

/** @throws S3Error InvalidRange */
function wantedRange(value: string | undefined, sizeBytes: number): readonly [number, number] | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(value ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(sizeBytes - 1, Number(last));
  if (start >= sizeBytes || start > end) throw new S3Error('InvalidRange');
  return [start, end];
}

/** True for 304. @throws S3Error PreconditionFailed */
function isNotModified(request: S3Request, version: ObjectVersion): boolean {
  const [match, noneMatch] = [header(request, 'if-match'), header(request, 'if-none-match')];
  const modifiedMs = Math.floor(version.modifiedMs / 1000) * 1000;
  const unmodifiedSince = Date.parse(header(request, 'if-unmodified-since') ?? '');
  if (match !== undefined && !matchesEtag(match, version)) throw new S3Error('PreconditionFailed');
  if (match === undefined && modifiedMs > unmodifiedSince) throw new S3Error('PreconditionFailed');
  if (noneMatch !== undefined) return matchesEtag(noneMatch, version);
  return modifiedMs <= Date.parse(header(request, 'if-modified-since') ?? '');
}

/** Whether a list of entity tags names this version. */
export function matchesEtag(list: string, version: ObjectVersion): boolean {
  return list.split(',').some((entry) => {
    const etag = entry.trim().replace(/^W\//, '').replaceAll('"', '');
    return etag === '*' || etag === version.etag;
  });
}
