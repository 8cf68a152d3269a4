import type { ObjectVersion } from './records.ts';
import type { Bucket } from './store.ts';

/** What a listing asks for. */
export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys after this one; a common prefix counts as a key. */
  readonly after: string;
  readonly limit: number;
  readonly versions: boolean;
}

/** A key of a listing. */
export interface ListedKey {
  readonly key: string;
  readonly versions: readonly ObjectVersion[];
}

/** One page of keys and common prefixes. */
export interface Listing {
  readonly keys: readonly ListedKey[];
  readonly prefixes: readonly string[];
  /** Where the next page goes on, or null at the end. */
  readonly next: string | null;
}

/** One page of a bucket in key order. */
export function listKeys(bucket: Bucket, query: ListingQuery): Listing {
  const all = bucket.keys.all();
  const keys: ListedKey[] = [];
  const prefixes: string[] = [];
  let count = 0;
  let last = query.after;
  let index = firstIndex(bucket, query);
  while (index < all.length) {
    const key = all[index] ?? '';
    if (!key.startsWith(query.prefix)) break;
    const versions = visible(bucket, key, query.versions);
    const group = commonPrefix(key, query);
    if (versions.length === 0 || (group !== null && group === query.after)) {
      index += 1;
      continue;
    }
    if (count >= query.limit) return { keys, prefixes, next: last };
    count += group === null ? versions.length : 1;
    if (group === null) keys.push({ key, versions });
    else prefixes.push(group);
    last = group ?? key;
    index = group === null ? index + 1 : bucket.keys.indexOf(`${group}\u{10ffff}`);
  }
  return { keys, prefixes, next: null };
}

function firstIndex(bucket: Bucket, { prefix, after, delimiter }: ListingQuery): number {
  if (after === '' || after < prefix) return bucket.keys.indexOf(prefix);
  // A page that ended with a common prefix goes on after everything in it.
  const group = delimiter !== '' && after.endsWith(delimiter) ? `${after}\u{10ffff}` : `${after}\0`;
  return bucket.keys.indexOf(group);
}

function visible(bucket: Bucket, key: string, all: boolean): readonly ObjectVersion[] {
  const versions = bucket.objects.get(key) ?? [];
  if (all) return versions;
  return versions.slice(0, 1).filter((version) => !version.deleteMarker);
}

function commonPrefix(key: string, { prefix, delimiter }: ListingQuery): string | null {
  if (delimiter === '') return null;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? null : key.slice(0, end + delimiter.length);
}
