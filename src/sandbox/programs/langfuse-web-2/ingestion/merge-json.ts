import { isRecord } from '../../langfuse/event-check.ts';

/** Metadata that was there and metadata that comes: objects and lists are merged in depth, the rest is replaced. */
export function mergeJson(before: unknown, after: unknown): unknown {
  if (before === undefined || before === null) return after ?? undefined;
  if (after === undefined || after === null) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    const longest = Math.max(before.length, after.length);
    return Array.from({ length: longest }, (_, index) => mergeJson(before[index], after[index]));
  }
  if (!isRecord(before) || !isRecord(after)) return after;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(names.map((name) => [name, mergeJson(before[name], after[name])]));
}

/** Postgres' jsonb takes no NUL characters; they are dropped from every text. */
export function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '');
  if (Array.isArray(value)) return value.map(withoutNul);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutNul(item)]));
}
