import { sendEmpty, sendXml } from './answers.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import { removeVersion } from './objects-write.ts';
import { readSmallBody } from './receive.ts';
import { header } from './request.ts';
import type { BucketStore } from './store.ts';
import { childrenOf, documentOf, exactText, parseXml, tag, text, textOf } from './xml.ts';

const region = 'us-east-1';
/** 1000 keys of up to 1 KiB, escaped. */
const largestListBytes = 8 * 1024 * 1024;

/** GET of the service. */
export function listBuckets({ response, store }: Exchange): void {
  const rows = [...store.buckets.values()]
    .map(({ record }) => record)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map((record) =>
      tag(
        'Bucket',
        text('Name', record.name),
        text('CreationDate', new Date(record.createdMs).toISOString()),
      ),
    );
  const owner = tag('Owner', text('ID', 'minio'), text('DisplayName', 'minio'));
  sendXml(response, documentOf('ListAllMyBucketsResult', owner, tag('Buckets', ...rows)));
}

/** PUT of a bucket. */
export async function createBucket({ request, response, store, signed }: Exchange): Promise<void> {
  await readSmallBody(request, signed, 64 * 1024);
  const locked = header(request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  makeBucket(store, request.bucket, locked);
  sendEmpty(response, 200, { Location: `/${request.bucket}` });
}

/** @throws S3Error InvalidBucketName, BucketAlreadyOwnedByYou */
export function makeBucket(store: BucketStore, name: string, locked = false): void {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..'))
    throw new S3Error('InvalidBucketName');
  if (store.buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou');
  const lock = documentOf('ObjectLockConfiguration', text('ObjectLockEnabled', 'Enabled'));
  store.commit({
    type: 'bucket',
    record: {
      name,
      createdMs: store.clock(),
      versioning: locked ? 'Enabled' : null,
      settings: locked ? { 'object-lock': lock } : {},
    },
  });
}

/** HEAD of a bucket. */
export function headBucket({ request, response, store }: Exchange): void {
  store.bucket(request.bucket);
  sendEmpty(response, 200, { 'X-Amz-Bucket-Region': region });
}

/** DELETE of a bucket. */
export function removeBucket({ request, response, store }: Exchange): void {
  const bucket = store.bucket(request.bucket);
  const force = header(request, 'x-minio-force-delete') === 'true';
  if (bucket.objects.size > 0 && !force) throw new S3Error('BucketNotEmpty');
  const blobs = [
    ...[...bucket.objects.values()].flat().flatMap((version) => version.blobs),
    ...[...bucket.uploads.values()].flatMap((upload) => [...upload.parts.values()].map((part) => part.blob)),
  ];
  store.commit({ type: 'bucket-gone', bucket: request.bucket });
  store.discard(blobs);
  sendEmpty(response);
}

/** GET ?location: empty for us-east-1. */
export function bucketLocation({ request, response, store }: Exchange): void {
  store.bucket(request.bucket);
  sendXml(response, documentOf('LocationConstraint'));
}

/** POST ?delete. */
export async function removeMany({ request, response, store, signed }: Exchange): Promise<void> {
  const bucket = store.bucket(request.bucket);
  const body = await readSmallBody(request, signed, largestListBytes);
  const wanted = parseXml(body.toString(), 'Delete');
  const quiet = textOf(wanted, 'Quiet') === 'true';
  const rows = childrenOf(wanted, 'Object').map((element) => {
    const key = exactText(element, 'Key') ?? '';
    try {
      const removed = removeVersion(store, bucket, key, textOf(element, 'VersionId') ?? null);
      return quiet ? '' : tag('Deleted', text('Key', key), ...removedFields(removed));
    } catch (cause) {
      if (!(cause instanceof S3Error)) throw cause;
      return tag('Error', text('Key', key), text('Code', cause.code), text('Message', cause.message));
    }
  });
  sendXml(response, documentOf('DeleteResult', ...rows));
}

function removedFields(removed: { readonly versionId?: string; readonly deleteMarker: boolean }): string[] {
  if (removed.versionId === undefined) return [];
  if (!removed.deleteMarker) return [text('VersionId', removed.versionId)];
  return [text('DeleteMarker', true), text('DeleteMarkerVersionId', removed.versionId)];
}
