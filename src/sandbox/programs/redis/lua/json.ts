import { RedisError } from '../reply.ts';
import type { LuaTable, LuaValue } from './values.ts';

/** Stands for null in a decoded document: Lua tables cannot hold nil. The prelude turns it into cjson.null. */
const jsonNull = '\0cjson.null\0';

/** cjson.decode. */
export function decodeJson(text: string): LuaValue {
  try {
    return fromJson(JSON.parse(Buffer.from(text, 'latin1').toString('utf8')));
  } catch {
    throw new RedisError('Expected value but found invalid token at character 1');
  }
}

/** cjson.encode: an empty table is an object, as cjson has it. */
export function encodeJson(value: LuaValue): string {
  if (value === null || value === jsonNull) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return encodeText(value);
  const items = value.size > 0 ? sparseList(value) : null;
  if (items !== null) return `[${items.map(encodeJson).join(',')}]`;
  return `{${[...value].map(([key, item]) => `${encodeText(keyText(key))}:${encodeJson(item)}`).join(',')}}`;
}

/** cjson fills holes with null, up to ten items or twice as many as there are. */
function sparseList(table: LuaTable): LuaValue[] | null {
  let last = 0;
  for (const key of table.keys()) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 1) return null;
    last = Math.max(last, key);
  }
  if (last > 10 && last > table.size * 2)
    throw new RedisError('Cannot serialise table: excessively sparse array');
  return Array.from({ length: last }, (_, index) => table.get(index + 1) ?? null);
}

/** cjson prints 14 significant digits. */
function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RedisError('Cannot serialise number: must not be NaN or Inf');
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(14)));
}

/** Bytes pass as they are; only what JSON must escape is escaped. cjson also escapes the slash. */
function encodeText(bytes: string): string {
  return JSON.stringify(bytes).replaceAll('/', '\\/').replaceAll('\u007f', '\\u007f');
}

function fromJson(value: unknown): LuaValue {
  if (value === null) return jsonNull;
  if (typeof value === 'string') return toBytes(value);
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value !== 'object') return null;
  if (Array.isArray(value)) return new Map(value.map((item, index) => [index + 1, fromJson(item)]));
  return new Map(Object.entries(value).map(([key, item]) => [toBytes(key), fromJson(item)]));
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function keyText(key: LuaValue): string {
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw new RedisError('Cannot serialise table: table key must be a number or string');
}
