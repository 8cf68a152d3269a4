import type { Blob } from './receive.ts';

/** Bucket settings that are kept as the document they came in. */
export type Setting =
  | 'lifecycle'
  | 'encryption'
  | 'tagging'
  | 'policy'
  | 'replication'
  | 'object-lock'
  | 'notification';

/** One version of an object, newest first in its list. */
export interface ObjectVersion {
  /** `null` where the bucket is not versioned. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly modifiedMs: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly blobs: readonly Blob[];
  readonly contentType: string;
  /** x-amz-meta-* and the headers that are given back as they came. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly retention?: Retention;
}

interface Retention {
  readonly mode: string;
  /** RFC 3339. */
  readonly until: string;
}

/** What is kept of a bucket. */
export interface BucketRecord {
  readonly name: string;
  readonly createdMs: number;
  readonly versioning: 'Enabled' | 'Suspended' | null;
  readonly settings: Readonly<Partial<Record<Setting, string>>>;
}

/** What is kept of a multipart upload. */
export interface UploadRecord {
  readonly id: string;
  readonly key: string;
  readonly startedMs: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One part of a multipart upload. */
export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly blob: Blob;
  readonly modifiedMs: number;
}

/** A change of the store, as its journal keeps it. */
export type StoreChange =
  | { readonly type: 'bucket'; readonly record: BucketRecord }
  | { readonly type: 'bucket-gone'; readonly bucket: string }
  | {
      readonly type: 'version';
      readonly bucket: string;
      readonly key: string;
      readonly version: ObjectVersion;
    }
  | {
      readonly type: 'version-gone';
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
    }
  | { readonly type: 'upload'; readonly bucket: string; readonly record: UploadRecord }
  | { readonly type: 'upload-gone'; readonly bucket: string; readonly uploadId: string }
  | { readonly type: 'part'; readonly bucket: string; readonly uploadId: string; readonly part: Part };
