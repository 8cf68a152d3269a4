import type { Fields } from '../fields.ts';
import { isFields } from '../fields.ts';
import { isSet, mergeKey } from './merge-keys.ts';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/** A new value without the directives that only steer a merge. */
function plain(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((item) => !(isFields(item) && item['$patch'] === 'delete')).map(plain);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      key.startsWith('$') || each === null ? [] : [[key, plain(each)]],
    ),
  );
}

function mergeItems(current: readonly unknown[], patch: readonly unknown[], key: string): unknown[] {
  if (patch.some((item) => isFields(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1))
    return patch.filter((item) => !(isFields(item) && '$patch' in item)).map(plain);
  const merged = [...current];
  for (const item of patch) {
    if (!isFields(item)) continue;
    const at = merged.findIndex((each) => isFields(each) && each[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) merged.splice(at, 1);
    } else if (at >= 0) merged[at] = mergeFields(merged[at], item);
    else merged.push(plain(item));
  }
  return merged;
}

function mergeList(field: string, current: unknown, patch: readonly unknown[]): unknown {
  if (!Array.isArray(current)) return plain(patch);
  if (isSet(field)) return [...new Set([...(current as unknown[]), ...patch])];
  const key = mergeKey(field, [...patch, ...(current as unknown[])]);
  return key === null ? plain(patch) : mergeItems(current, patch, key);
}

/** Puts the items that the order names into that order; the rest keep their places behind their neighbours. */
function ordered(field: string, list: unknown, order: unknown): unknown {
  if (!Array.isArray(list) || !Array.isArray(order)) return list;
  const key = mergeKey(field, [...(order as unknown[]), ...(list as unknown[])]);
  const identity = (item: unknown): unknown => (isFields(item) && key !== null ? item[key] : item);
  const wanted = order.map(identity);
  const place = (item: unknown): number => wanted.indexOf(identity(item));
  const named = (list as unknown[]).filter((item) => place(item) >= 0).sort((a, b) => place(a) - place(b));
  return (list as unknown[]).map((item) => (place(item) >= 0 ? named.shift() : item));
}

function directive(merged: Fields, name: string, value: unknown): void {
  if (name.startsWith(deletePrefix)) {
    const field = name.slice(deletePrefix.length);
    const current = merged[field];
    if (Array.isArray(current) && Array.isArray(value))
      merged[field] = current.filter((item) => !value.includes(item));
  }
  if (name.startsWith(orderPrefix)) {
    const field = name.slice(orderPrefix.length);
    if (field in merged) merged[field] = ordered(field, merged[field], value);
  }
  if (name === '$retainKeys' && Array.isArray(value))
    for (const key of Object.keys(merged)) if (!value.includes(key)) delete merged[key];
}

function mergeValue(field: string, current: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return mergeList(field, current, patch);
  return isFields(patch) ? mergeFields(current, patch) : patch;
}

function mergeFields(target: unknown, patch: Fields): unknown {
  if (patch['$patch'] === 'replace') return plain(patch);
  if (patch['$patch'] === 'delete') return {};
  const merged: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergeValue(key, merged[key], value);
  }
  for (const [key, value] of Object.entries(patch)) if (key.startsWith('$')) directive(merged, key, value);
  return merged;
}

/**
 * Strategic merge patch: lists with a merge key are merged by item.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  return isFields(patch) ? mergeFields(target, patch) : patch;
}
