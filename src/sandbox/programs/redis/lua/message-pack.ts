import { asList } from './values.ts';
import type { LuaValue } from './values.ts';

/** cmsgpack.pack. */
export function packMessage(value: LuaValue): string {
  if (value === null) return '\u00c0';
  if (typeof value === 'boolean') return value ? '\u00c3' : '\u00c2';
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'string') return packText(value);
  const items = asList(value);
  if (items !== null) return head(0x90, 15, [0xdc, 0xdd], items.length) + items.map(packMessage).join('');
  const fields = [...value].map(([key, item]) => packMessage(key) + packMessage(item));
  return head(0x80, 15, [0xde, 0xdf], fields.length) + fields.join('');
}

function packText(text: string): string {
  if (text.length > 31 && text.length < 256) return String.fromCharCode(0xd9, text.length) + text;
  return head(0xa0, 31, [0xda, 0xdb], text.length) + text;
}

function head(short: number, most: number, long: readonly [number, number], length: number): string {
  if (length <= most) return String.fromCharCode(short | length);
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 5);
  bytes.writeUInt8(length < 65_536 ? long[0] : long[1]);
  bytes.writeUIntBE(length, 1, bytes.length - 1);
  return bytes.toString('latin1');
}

function packNumber(value: number): string {
  if (!Number.isSafeInteger(value)) return packFloat(value);
  if (value >= 0) {
    if (value < 128) return String.fromCharCode(value);
    const size = [1, 2, 4].findIndex((bytes) => value < 256 ** bytes);
    return size < 0 ? packLong(0xcf, value) : packInteger(0xcc + size, value, 2 ** size);
  }
  if (value >= -32) return String.fromCharCode(256 + value);
  const size = [1, 2, 4].findIndex((bytes) => value >= -(256 ** bytes) / 2);
  return size < 0 ? packLong(0xd3, value) : packInteger(0xd0 + size, value, 2 ** size);
}

function packInteger(mark: number, value: number, length: number): string {
  const bytes = Buffer.alloc(length + 1);
  bytes.writeUInt8(mark);
  bytes.writeUIntBE(value < 0 ? value + 256 ** length : value, 1, length);
  return bytes.toString('latin1');
}

function packLong(mark: number, value: number): string {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(mark);
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes.toString('latin1');
}

/** Four bytes where they hold the number. */
function packFloat(value: number): string {
  const short = Math.fround(value) === value;
  const bytes = Buffer.alloc(short ? 5 : 9);
  bytes.writeUInt8(short ? 0xca : 0xcb);
  if (short) bytes.writeFloatBE(value, 1);
  else bytes.writeDoubleBE(value, 1);
  return bytes.toString('latin1');
}
