/** A problem in zod 3's shape; the order of its fields is what clients see. */
export interface Issue3 {
  readonly code: string;
  readonly expected?: string;
  readonly received?: string;
  readonly validation?: string;
  readonly options?: readonly string[];
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The name zod 3 gives to what it got. */
function received(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A value of the wrong type, or none. */
export function wrongType(expected: string, path: Issue3['path'], value: unknown): Issue3 {
  const got = received(value);
  const message = got === 'undefined' ? 'Required' : `Expected ${expected}, received ${got}`;
  return { code: 'invalid_type', expected, received: got, path, message };
}

/** A text that is no ISO 8601 time with an offset. */
export function badTime(path: Issue3['path']): Issue3 {
  return { code: 'invalid_string', validation: 'datetime', message: 'Invalid datetime', path };
}

/** A value outside of an enum. */
export function notAmong(options: readonly string[], path: Issue3['path'], value: unknown): Issue3 {
  if (typeof value !== 'string') return wrongType(named(options), path, value);
  const message = `Invalid enum value. Expected ${named(options)}, received '${value}'`;
  return { code: 'invalid_enum_value', options, path, message };
}

/** A discriminator that names no member of the union. */
export function noMember(options: readonly string[], path: Issue3['path']): Issue3 {
  const message = `Invalid discriminator value. Expected ${named(options)}`;
  return { code: 'invalid_union_discriminator', options, path, message };
}

function named(options: readonly string[]): string {
  return options.map((option) => `'${option}'`).join(' | ');
}

/** ISO 8601 with `Z` or an offset. */
export function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
