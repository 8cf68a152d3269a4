import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sendEmpty, sendXml } from './answers.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import { bytesOf, versionHeaders } from './objects-read.ts';
import { checkConditions, copyResult, copySource, defaultRetention, describedBy } from './objects-write.ts';
import { readSmallBody, receiveBody } from './receive.ts';
import type { Received } from './receive.ts';
import type { ObjectVersion, Part } from './records.ts';
import { header } from './request.ts';
import type { Bucket, BucketStore, Upload } from './store.ts';
import { childrenOf, documentOf, parseXml, tag, text, textOf } from './xml.ts';

const smallestPartBytes = 5 * 1024 * 1024;
const mostParts = 10_000;
/** 10 000 parts of about 150 bytes with checksums. */
const largestListBytes = 4 * 1024 * 1024;

/** POST ?uploads. */
export function startUpload({ request, response, store }: Exchange): void {
  const bucket = store.bucket(request.bucket);
  const record = { id: randomUUID(), key: request.key, startedMs: store.clock(), ...describedBy(request) };
  store.commit({ type: 'upload', bucket: bucket.record.name, record });
  sendXml(
    response,
    documentOf('InitiateMultipartUploadResult', ...names(request), text('UploadId', record.id)),
  );
}

/** PUT ?partNumber&uploadId, with a body or a copy source. */
export async function writePart(exchange: Exchange): Promise<void> {
  const { request, response, store } = exchange;
  const { upload, bucket } = findUpload(exchange);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > mostParts) throw new S3Error('InvalidArgument');
  const copied = header(request, 'x-amz-copy-source') !== undefined;
  const received = copied
    ? await copiedBody(exchange)
    : await receiveBody(request, exchange.signed, store.blobPath);
  if (!bucket.uploads.has(upload.record.id)) {
    store.discard([received.blob]);
    throw new S3Error('NoSuchUpload');
  }
  const part: Part = { number, etag: received.md5, blob: received.blob, modifiedMs: store.clock() };
  store.commit({ type: 'part', bucket: bucket.record.name, uploadId: upload.record.id, part });
  if (copied) sendXml(response, copyResult('CopyPartResult', part.etag, part.modifiedMs));
  else sendEmpty(response, 200, { ETag: `"${part.etag}"`, ...received.checksums });
}

/** GET ?uploadId. */
export function listParts(exchange: Exchange): void {
  const { upload } = findUpload(exchange);
  const parts = [...upload.parts.values()].sort((left, right) => left.number - right.number);
  const rows = parts.map((part) =>
    tag(
      'Part',
      text('PartNumber', part.number),
      text('LastModified', new Date(part.modifiedMs).toISOString()),
      text('ETag', `"${part.etag}"`),
      text('Size', part.blob.sizeBytes),
    ),
  );
  const { request, response } = exchange;
  const head = [...names(request), text('UploadId', upload.record.id)];
  sendXml(response, documentOf('ListPartsResult', ...head, text('IsTruncated', false), ...rows));
}

/** DELETE ?uploadId. */
export function abortUpload(exchange: Exchange): void {
  const { upload, bucket } = findUpload(exchange);
  dropUpload(exchange.store, bucket, upload, []);
  sendEmpty(exchange.response);
}

/** POST ?uploadId: puts the parts together. */
export async function completeUpload(exchange: Exchange): Promise<void> {
  const { request, response, store } = exchange;
  const body = await readSmallBody(request, exchange.signed, largestListBytes);
  const { upload, bucket } = findUpload(exchange);
  const parts = namedParts(upload, body.toString());
  checkConditions(request, bucket);
  const version = store.putVersion(bucket, request.key, {
    ...wholeOf(upload, parts),
    ...defaultRetention(bucket, store.clock()),
  });
  dropUpload(store, bucket, upload, parts);
  const location = `http://${header(request, 'host') ?? ''}/${request.bucket}/${request.key}`;
  const fields = [text('Location', location), ...names(request), text('ETag', `"${version.etag}"`)];
  sendXml(response, documentOf('CompleteMultipartUploadResult', ...fields), versionHeaders(version));
}

/** GET ?uploads of a bucket. */
export function listUploads({ request, response, store }: Exchange): void {
  const bucket = store.bucket(request.bucket);
  const prefix = request.query.get('prefix') ?? '';
  const uploads = [...bucket.uploads.values()]
    .filter(({ record }) => record.key.startsWith(prefix))
    .sort((left, right) => (left.record.key < right.record.key ? -1 : 1));
  const rows = uploads.map(({ record }) =>
    tag(
      'Upload',
      text('Key', record.key),
      text('UploadId', record.id),
      text('Initiated', new Date(record.startedMs).toISOString()),
      text('StorageClass', 'STANDARD'),
    ),
  );
  const head = [text('Bucket', request.bucket), text('Prefix', prefix), text('IsTruncated', false)];
  sendXml(response, documentOf('ListMultipartUploadsResult', ...head, ...rows));
}

function wholeOf(upload: Upload, parts: readonly Part[]): Omit<ObjectVersion, 'versionId' | 'modifiedMs'> {
  const sums = createHash('md5');
  for (const part of parts) sums.update(Buffer.from(part.etag, 'hex'));
  return {
    deleteMarker: false,
    etag: `${sums.digest('hex')}-${parts.length}`,
    sizeBytes: parts.reduce((total, part) => total + part.blob.sizeBytes, 0),
    blobs: parts.map((part) => part.blob),
    contentType: upload.record.contentType,
    metadata: upload.record.metadata,
    checksums: {},
    ...(upload.record.tags === undefined ? {} : { tags: upload.record.tags }),
  };
}

/** @throws S3Error MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall */
function namedParts(upload: Upload, body: string): Part[] {
  const wanted = childrenOf(parseXml(body, 'CompleteMultipartUpload'), 'Part');
  if (wanted.length === 0) throw new S3Error('MalformedXML');
  const parts = wanted.map((element) => {
    const part = upload.parts.get(Number(textOf(element, 'PartNumber')));
    const etag = (textOf(element, 'ETag') ?? '').replace(/"|&quot;|&#34;/g, '');
    if (part === undefined || part.etag !== etag) throw new S3Error('InvalidPart');
    return part;
  });
  if (parts.some((part, index) => part.number <= (parts[index - 1]?.number ?? 0)))
    throw new S3Error('InvalidPartOrder');
  if (parts.slice(0, -1).some((part) => part.blob.sizeBytes < smallestPartBytes))
    throw new S3Error('EntityTooSmall');
  return parts;
}

function dropUpload(store: BucketStore, bucket: Bucket, upload: Upload, used: readonly Part[]): void {
  store.commit({ type: 'upload-gone', bucket: bucket.record.name, uploadId: upload.record.id });
  store.discard([...upload.parts.values()].filter((part) => !used.includes(part)).map((part) => part.blob));
}

function findUpload({ request, store }: Exchange): { readonly upload: Upload; readonly bucket: Bucket } {
  const bucket = store.bucket(request.bucket);
  const upload = bucket.uploads.get(request.query.get('uploadId') ?? '');
  if (upload === undefined || upload.record.key !== request.key) throw new S3Error('NoSuchUpload');
  return { upload, bucket };
}

/** A part that is a range of another object. */
async function copiedBody({ request, store }: Exchange): Promise<Received> {
  const source = copySource(request, store);
  const range = /^bytes=(\d+)-(\d+)$/.exec(header(request, 'x-amz-copy-source-range') ?? '');
  const [start, end] = [Number(range?.[1] ?? 0), Number(range?.[2] ?? source.sizeBytes - 1)];
  if (end >= source.sizeBytes || start > end + 1) throw new S3Error('InvalidRange');
  const id = randomUUID();
  const sum = createHash('md5');
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(
      Readable.from(bytesOf(store, source, start, end)),
      tap,
      createWriteStream(store.blobPath(id)),
    );
  } catch (cause) {
    await rm(store.blobPath(id), { force: true });
    throw cause;
  }
  return { blob: { id, sizeBytes: end - start + 1 }, md5: sum.digest('hex'), checksums: {} };
}

function names({ bucket, key }: Exchange['request']): string[] {
  return [text('Bucket', bucket), text('Key', key)];
}
