/** A field of a protobuf message as it lies on the wire: a number's bits, or bytes. */
export type WireField =
  | { readonly number: number; readonly value: bigint; readonly bytes?: undefined }
  | { readonly number: number; readonly bytes: Buffer };

/** Where reading of a message has come to. */
interface Cursor {
  readonly message: Buffer;
  at: number;
}

/** Fields of a message (protobuf.dev/programming-guides/encoding). @throws RangeError when it is cut short or no protobuf */
export function wireFields(message: Buffer): WireField[] {
  const cursor: Cursor = { message, at: 0 };
  const fields: WireField[] = [];
  while (cursor.at < message.length) {
    const tag = Number(varint(cursor));
    fields.push(fieldAt(cursor, tag >>> 3, tag & 7));
  }
  return fields;
}

function varint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.message.readUInt8(cursor.at++);
    value |= BigInt(byte & 0x7f) << shift;
    if ((byte & 0x80) === 0) return value;
    if (shift > 63n) throw new RangeError('varint too long');
  }
}

function fieldAt(cursor: Cursor, number: number, wireType: number): WireField {
  switch (wireType) {
    case 0:
      return { number, value: varint(cursor) };
    case 1:
      return { number, value: take(cursor, 8).readBigUInt64LE() };
    case 2:
      return { number, bytes: take(cursor, Number(varint(cursor))) };
    case 5:
      return { number, value: BigInt(take(cursor, 4).readUInt32LE()) };
    default:
      throw new RangeError(`invalid wire type ${wireType} at offset ${cursor.at}`);
  }
}

function take(cursor: Cursor, sizeBytes: number): Buffer {
  const end = cursor.at + sizeBytes;
  if (end > cursor.message.length) throw new RangeError('index out of range');
  const part = cursor.message.subarray(cursor.at, end);
  cursor.at = end;
  return part;
}
