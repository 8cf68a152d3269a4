import { didYouMean } from '../../errors/suggest.ts';

/** Something that the schema has no place for. */
export interface UnknownKey {
  readonly path: readonly string[];
  readonly message: string;
}

/** The parts of a valibot schema that say which keys there may be. */
interface SchemaShape {
  readonly entries?: Readonly<Record<string, unknown>>;
  /** Of a record: the schema of each value. */
  readonly value?: unknown;
  /** Of an optional one. */
  readonly wrapped?: unknown;
  readonly message?: unknown;
}

/** Every key that the schema does not know, at any depth, and lists where maps belong. */
export function unknownKeys(schema: unknown, value: unknown, path: readonly string[]): UnknownKey[] {
  const shape = unwrap(schema);
  if (shape.entries === undefined && shape.value === undefined) return [];
  if (Array.isArray(value)) return [{ path, message: listMessage(shape, path) }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const own = shape.entries === undefined ? shape.value : shape.entries[key];
    const at = [...path, key];
    if (own === undefined) return [{ path: at, message: keyMessage(at, Object.keys(shape.entries ?? {})) }];
    return unknownKeys(own, child, at);
  });
}

function unwrap(schema: unknown): SchemaShape {
  const shape = (schema ?? {}) as SchemaShape;
  return shape.wrapped === undefined ? shape : unwrap(shape.wrapped);
}

function listMessage({ message }: SchemaShape, path: readonly string[]): string {
  const words = typeof message === 'string' ? message : 'a map is needed';
  return path.length === 0 ? words : `${path.join('.')}: ${words}`;
}

/** Sections that are planned, and that this version of lfctl has no use for yet. */
const later = new Set(['backup', 'retention']);
const secretWords = /pass|secret|token|credential|api_?key/i;

function keyMessage(path: readonly string[], known: readonly string[]): string {
  const key = path.at(-1) ?? '';
  const where = path.join('.');
  if (later.has(key)) return `${where}: this version of lfctl has no use for it`;
  if (secretWords.test(key))
    return `${where}: no secret belongs in this file; give it by environment or with from: file:PATH`;
  const hint = didYouMean(key, known);
  return `${where}: unknown key${hint === null ? '' : `; ${hint}`}`;
}
