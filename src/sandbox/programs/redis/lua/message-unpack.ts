import { RedisError } from '../reply.ts';
import { listTable } from './values.ts';
import type { LuaTable, LuaValue } from './values.ts';

/** Bytes that are read from front to back. */
interface Input {
  readonly bytes: Buffer;
  at: number;
}

type Read = (input: Input) => LuaValue;

/** cmsgpack.unpack of the first value. https://github.com/msgpack/msgpack/blob/master/spec.md */
export function unpackMessage(text: string): LuaValue {
  return value({ bytes: Buffer.from(text, 'latin1'), at: 0 });
}

function value(input: Input): LuaValue {
  const head = unsigned(input, 1);
  if (head < 0x80) return head;
  if (head < 0x90) return map(input, head & 0x0f);
  if (head < 0xa0) return list(input, head & 0x0f);
  if (head < 0xc0) return binary(input, head & 0x1f);
  if (head >= 0xe0) return head - 0x100;
  const read = byHead.get(head);
  if (read === undefined) throw new RedisError('Bad data format in input.');
  return read(input);
}

/** Formats whose first byte says the kind and the width of a number or a length. */
const byHead: ReadonlyMap<number, Read> = new Map<number, Read>([
  [0xc0, () => null],
  [0xc2, () => false],
  [0xc3, () => true],
  ...widths(0xc4, [1, 2, 4], (input, width) => binary(input, unsigned(input, width))),
  [0xca, (input) => input.bytes.readFloatBE(take(input, 4))],
  [0xcb, (input) => input.bytes.readDoubleBE(take(input, 8))],
  ...widths(0xcc, [1, 2, 4, 8], unsigned),
  ...widths(0xd0, [1, 2, 4, 8], signed),
  ...widths(0xd9, [1, 2, 4], (input, width) => binary(input, unsigned(input, width))),
  ...widths(0xdc, [2, 4], (input, width) => list(input, unsigned(input, width))),
  ...widths(0xde, [2, 4], (input, width) => map(input, unsigned(input, width))),
]);

/** Heads that follow each other, one for each width in bytes. */
function widths(
  first: number,
  bytes: readonly number[],
  read: (input: Input, width: number) => LuaValue,
): [number, Read][] {
  return bytes.map((width, index) => [first + index, (input) => read(input, width)]);
}

/** Where the next bytes begin; they are behind it from then on. */
function take(input: Input, length: number): number {
  if (input.at + length > input.bytes.length) throw new RedisError('Missing bytes in input.');
  input.at += length;
  return input.at - length;
}

function unsigned(input: Input, width: number): number {
  const offset = take(input, width);
  return width === 8 ? Number(input.bytes.readBigUInt64BE(offset)) : input.bytes.readUIntBE(offset, width);
}

function signed(input: Input, width: number): number {
  const offset = take(input, width);
  return width === 8 ? Number(input.bytes.readBigInt64BE(offset)) : input.bytes.readIntBE(offset, width);
}

function binary(input: Input, length: number): string {
  const offset = take(input, length);
  return input.bytes.toString('latin1', offset, offset + length);
}

function list(input: Input, length: number): LuaTable {
  return listTable(Array.from({ length }, () => value(input)));
}

function map(input: Input, length: number): LuaTable {
  return new Map(Array.from({ length }, () => [value(input), value(input)] as const));
}
