import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Error } from './errors.ts';
import { readJournal, startJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import type { Blob } from './receive.ts';
import type { BucketRecord, ObjectVersion, Part, StoreChange, UploadRecord } from './records.ts';
import { SortedKeys } from './sorted-keys.ts';

/** A bucket with what lies in it. */
export interface Bucket {
  record: BucketRecord;
  readonly objects: Map<string, ObjectVersion[]>;
  readonly keys: SortedKeys;
  readonly uploads: Map<string, Upload>;
}

/** A multipart upload and its parts. */
export interface Upload {
  readonly record: UploadRecord;
  readonly parts: Map<number, Part>;
}

const shards = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));

/** Buckets in memory, bytes and a journal of changes on disk. */
export class BucketStore {
  readonly buckets = new Map<string, Bucket>();
  readonly clock: () => number;
  readonly #folder: string;
  #journal: Journal | null = null;

  constructor(folder: string, clock: () => number) {
    this.#folder = folder;
    this.clock = clock;
  }

  /** Reads what earlier runs left and clears away bodies that no object names. */
  async open(): Promise<void> {
    for (const shard of shards) mkdirSync(join(this.#folder, 'blobs', shard), { recursive: true });
    await mkdir(this.#folder, { recursive: true });
    for await (const change of readJournal(this.#folder)) this.#apply(change);
    this.#journal = startJournal(this.#folder, this.#state());
    await this.#removeOrphans();
  }

  close(): void {
    this.#journal?.close();
    this.#journal = null;
  }

  /** Where the bytes of a body lie. */
  readonly blobPath = (id: string): string => join(this.#folder, 'blobs', id.slice(0, 2), id);

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new S3Error('NoSuchBucket');
    return bucket;
  }

  /** Writes a change down, then makes it. */
  commit(change: StoreChange): void {
    if (this.#journal === null) throw new S3Error('InternalError');
    this.#journal.append(change);
    this.discard(this.#apply(change));
  }

  /** Puts a new version on top; where the bucket keeps no versions it takes the place of the old one. */
  putVersion(
    bucket: Bucket,
    key: string,
    draft: Omit<ObjectVersion, 'versionId' | 'modifiedMs'>,
  ): ObjectVersion {
    const versionId = bucket.record.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null';
    const version: ObjectVersion = { ...draft, versionId, modifiedMs: this.clock() };
    this.commit({ type: 'version', bucket: bucket.record.name, key, version });
    return version;
  }

  /** Removes bodies from disk, later and without a word. */
  discard(blobs: readonly Blob[]): void {
    for (const blob of blobs) void rm(this.blobPath(blob.id), { force: true }).catch(() => undefined);
  }

  /** Makes a change and gives the bodies that nothing names any more. */
  #apply(change: StoreChange): readonly Blob[] {
    switch (change.type) {
      case 'bucket':
        this.#putBucket(change.record);
        return [];
      case 'bucket-gone':
        this.buckets.delete(change.bucket);
        return [];
      case 'version':
        return addVersion(this.bucket(change.bucket), change.key, change.version);
      case 'version-gone':
        return dropVersion(this.bucket(change.bucket), change.key, change.versionId);
      case 'upload':
        this.bucket(change.bucket).uploads.set(change.record.id, { record: change.record, parts: new Map() });
        return [];
      case 'upload-gone':
        this.bucket(change.bucket).uploads.delete(change.uploadId);
        return [];
      case 'part':
        return addPart(this.bucket(change.bucket), change.uploadId, change.part);
    }
  }

  #putBucket(record: BucketRecord): void {
    const old = this.buckets.get(record.name);
    if (old === undefined)
      this.buckets.set(record.name, {
        record,
        objects: new Map(),
        keys: new SortedKeys(),
        uploads: new Map(),
      });
    else old.record = record;
  }

  *#state(): Iterable<StoreChange> {
    for (const [name, bucket] of this.buckets) {
      yield { type: 'bucket', record: bucket.record };
      for (const [key, versions] of bucket.objects)
        for (const version of versions.toReversed()) yield { type: 'version', bucket: name, key, version };
      for (const [uploadId, upload] of bucket.uploads) {
        yield { type: 'upload', bucket: name, record: upload.record };
        for (const part of upload.parts.values()) yield { type: 'part', bucket: name, uploadId, part };
      }
    }
  }

  async #removeOrphans(): Promise<void> {
    const named = new Set<string>();
    for (const change of this.#state()) {
      if (change.type === 'version') for (const blob of change.version.blobs) named.add(blob.id);
      if (change.type === 'part') named.add(change.part.blob.id);
    }
    for (const shard of shards)
      for (const id of await readdir(join(this.#folder, 'blobs', shard)))
        if (!named.has(id)) await rm(this.blobPath(id), { force: true });
  }
}

function addVersion(bucket: Bucket, key: string, version: ObjectVersion): readonly Blob[] {
  const versions = bucket.objects.get(key) ?? [];
  if (versions.length === 0) bucket.keys.add(key);
  const replaced =
    version.versionId === 'null' || versions.some((old) => old.versionId === version.versionId);
  const kept = replaced ? versions.filter((old) => old.versionId !== version.versionId) : versions;
  const gone = replaced ? versions.filter((old) => old.versionId === version.versionId) : [];
  const at = version.versionId === 'null' ? 0 : Math.max(0, versions.indexOf(gone[0] ?? version));
  kept.splice(at, 0, version);
  bucket.objects.set(key, kept);
  const named = new Set(version.blobs.map((blob) => blob.id));
  return gone.flatMap((old) => old.blobs).filter((blob) => !named.has(blob.id));
}

function dropVersion(bucket: Bucket, key: string, versionId: string): readonly Blob[] {
  const versions = bucket.objects.get(key) ?? [];
  const kept = versions.filter((version) => version.versionId !== versionId);
  if (kept.length > 0) bucket.objects.set(key, kept);
  else if (bucket.objects.delete(key)) bucket.keys.remove(key);
  return versions.filter((version) => version.versionId === versionId).flatMap((version) => version.blobs);
}

function addPart(bucket: Bucket, uploadId: string, part: Part): readonly Blob[] {
  const parts = bucket.uploads.get(uploadId)?.parts;
  const old = parts?.get(part.number);
  parts?.set(part.number, part);
  return old === undefined ? [] : [old.blob];
}
