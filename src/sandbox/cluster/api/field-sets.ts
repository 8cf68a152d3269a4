import { isDeepStrictEqual } from 'node:util';
import type { Fields } from '../fields.ts';
import { isFields } from '../fields.ts';
import { applyKeys, isAtomicMap, isSet } from './merge-keys.ts';

/**
 * A set of fields in the shape of `managedFields[].fieldsV1`: `f:name` is a field, `k:{…}` an item by its keys,
 * `v:…` a member of a set, `.` the thing itself. A leaf is empty.
 */
export interface FieldSet {
  [segment: string]: FieldSet;
}

const itemSegment = (keys: readonly string[], item: Fields): string =>
  `k:${JSON.stringify(Object.fromEntries(keys.flatMap((key) => (key in item ? [[key, item[key]]] : []))))}`;

function itemSets(field: string, list: readonly unknown[]): FieldSet {
  if (isSet(field)) return Object.fromEntries(list.map((item) => [`v:${JSON.stringify(item)}`, {}]));
  const keys = applyKeys(field, list);
  if (keys === null || !list.every(isFields)) return {};
  return Object.fromEntries(
    list
      .filter(isFields)
      .map((item) => [itemSegment(keys, withProtocol(item)), { '.': {}, ...fieldsOf(item) }]),
  );
}

/** `protocol` is a key of ports and has a default, so that it identifies a port even when it is left out. */
export function withProtocol(item: Fields): Fields {
  return ('containerPort' in item || 'port' in item) && !('protocol' in item)
    ? { ...item, protocol: 'TCP' }
    : item;
}

function valueSet(field: string, value: unknown): FieldSet {
  if (Array.isArray(value)) return itemSets(field, value);
  return isFields(value) && !isAtomicMap(field) ? fieldsOf(value) : {};
}

function fieldsOf(object: Fields): FieldSet {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [`f:${field}`, valueSet(field, value)]),
  );
}

const unowned = new Set(['name', 'namespace', 'managedFields', 'resourceVersion', 'uid', 'generation']);
const serverTimes = new Set(['creationTimestamp', 'deletionTimestamp', 'selfLink']);

/** Every field that an applied object sets, without its identity. */
export function fieldSet(object: Fields): FieldSet {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  const own = Object.fromEntries(
    Object.entries(isFields(metadata) ? metadata : {}).filter(
      ([key]) => !unowned.has(key) && !serverTimes.has(key),
    ),
  );
  return fieldsOf(Object.keys(own).length === 0 ? rest : { metadata: own, ...rest });
}

const isLeaf = (set: FieldSet): boolean => Object.keys(set).every((key) => key === '.');

/** What is in `left` and not in `right`, leaf by leaf. */
export function without(left: FieldSet, right: FieldSet): FieldSet {
  const rest: FieldSet = {};
  for (const [segment, inner] of Object.entries(left)) {
    const other = right[segment];
    if (other === undefined) rest[segment] = inner;
    else if (!isLeaf(inner)) {
      const remaining = without(inner, other);
      if (!isLeaf(remaining)) rest[segment] = remaining;
    }
  }
  return rest;
}

/** All of both. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  const all: FieldSet = { ...left };
  for (const [segment, inner] of Object.entries(right)) all[segment] = union(all[segment] ?? {}, inner);
  return all;
}

/** The value that a segment names inside a live value. */
export function step(value: unknown, segment: string): unknown {
  if (segment.startsWith('f:')) return isFields(value) ? value[segment.slice(2)] : undefined;
  if (!Array.isArray(value)) return undefined;
  const wanted: unknown = JSON.parse(segment.slice(2));
  if (segment.startsWith('v:')) return value.find((item) => isDeepStrictEqual(item, wanted));
  return value
    .filter(isFields)
    .find((item) =>
      Object.entries(wanted as Fields).every(([key, each]) => withProtocol(item)[key] === each),
    );
}

/** `.spec.containers[name="web"].image`, as conflict messages write a path. */
export function pathText(segments: readonly string[]): string {
  return segments
    .map((segment) => {
      if (segment.startsWith('f:')) return `.${segment.slice(2)}`;
      if (segment.startsWith('v:')) return `[=${segment.slice(2)}]`;
      const keys = JSON.parse(segment.slice(2)) as Fields;
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
}

/** Every leaf as its list of segments. */
export function leaves(set: FieldSet, at: readonly string[] = []): (readonly string[])[] {
  return Object.entries(set).flatMap(([segment, inner]) => {
    if (segment === '.') return [];
    const path = [...at, segment];
    return isLeaf(inner) ? [path] : leaves(inner, path);
  });
}

/** Does the set hold this path, as a leaf or above others? */
export function holds(set: FieldSet, path: readonly string[]): boolean {
  let at: FieldSet | undefined = set;
  for (const segment of path) at = at?.[segment];
  return at !== undefined;
}
