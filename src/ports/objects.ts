import type { Secret } from '../deployment/secret.ts';
import type { Access } from './dialer.ts';

/** One use of the object store: where, which bucket, whose key. */
export interface ObjectsTarget {
  /** Scheme, host and port; null means AWS by region. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Key prefix inside the bucket, empty or ending with '/'. */
  readonly prefix: string;
  readonly pathStyle: boolean;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: Secret;
  /** PEM of an own certificate authority. */
  readonly certificateAuthority?: string;
}

/** One object of a listing. */
export interface ObjectEntry {
  readonly key: string;
  readonly sizeBytes: number;
  /** RFC 3339. */
  readonly modifiedAt: string;
}

/** A client of one bucket. */
export interface ObjectsPort {
  /** Asks for the bucket itself (HeadBucket). @throws LfctlError OBJECTS_* */
  readonly headBucket: () => Promise<void>;
  /** Objects under a prefix in key order, at most `limit`. */
  readonly list: (prefix: string, limit: number) => Promise<ObjectEntry[]>;
  readonly stat: (key: string) => Promise<ObjectEntry | null>;
  /** The whole body; refuses more than `limitBytes`. */
  readonly get: (key: string, limitBytes: number) => Promise<Buffer>;
  readonly put: (key: string, body: Buffer) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  /** Removes many, a thousand in each request; those that are not there are passed over. */
  readonly removeAll: (keys: readonly string[]) => Promise<void>;
  readonly close: () => void;
}

/** Makes the client; nothing is sent before the first call. */
export type OpenObjects = (target: ObjectsTarget, access: Access) => Promise<ObjectsPort>;
