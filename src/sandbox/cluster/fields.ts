/** Free-form JSON object: the API server keeps what it does not know. */
export type Fields = Record<string, unknown>;

/** True for a JSON object (not a list, not null). */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or an empty one. */
export function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The objects of a list; empty when it is no list. */
export function fieldsList(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The value as text; empty when absent. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** The value as a number; `otherwise` when it is none. */
export function numberOf(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The text values of an object, for labels and annotations. */
export function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asFields(value)).flatMap(([key, each]) =>
      typeof each === 'string' ? [[key, each] as const] : [],
    ),
  );
}

/** Follows a path of keys: `valueAt(pod, 'spec', 'nodeName')`. */
export function valueAt(from: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => asFields(at)[key], from);
}

/** The object under a key, made when it is absent. */
export function child(parent: Fields, key: string): Fields {
  const found = parent[key];
  if (isFields(found)) return found;
  const made: Fields = {};
  parent[key] = made;
  return made;
}
