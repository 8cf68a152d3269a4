import type { LongBits, OtlpAttribute, OtlpResourceSpans, OtlpSpan, OtlpValue } from './otel-attributes.ts';

/** A field of a protobuf message: number, and its value as it lies on the wire. */
type Field =
  | { readonly number: number; readonly kind: 'varint' | 'fixed64'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer };

/** Where reading of a message has come to. */
interface Cursor {
  readonly message: Buffer;
  at: number;
}

/** Fields of a message (protobuf.dev/programming-guides/encoding). @throws RangeError when it is cut short or no protobuf */
function fieldsOf(message: Buffer): Field[] {
  const cursor: Cursor = { message, at: 0 };
  const fields: Field[] = [];
  while (cursor.at < message.length) {
    const tag = Number(varint(cursor));
    const field = fieldAt(cursor, tag >>> 3, tag & 7);
    if (field !== undefined) fields.push(field);
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

/** The field at the cursor; undefined for 32-bit ones, which no message here has a use for. */
function fieldAt(cursor: Cursor, number: number, wireType: number): Field | undefined {
  switch (wireType) {
    case 0:
      return { number, kind: 'varint', value: varint(cursor) };
    case 1:
      return { number, kind: 'fixed64', value: take(cursor, 8).readBigUInt64LE() };
    case 2:
      return { number, kind: 'bytes', value: take(cursor, Number(varint(cursor))) };
    case 5:
      take(cursor, 4);
      return undefined;
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

const messages = (fields: readonly Field[], number: number): Buffer[] =>
  fields.flatMap((field) => (field.number === number && field.kind === 'bytes' ? [field.value] : []));

const text = (fields: readonly Field[], number: number): string =>
  messages(fields, number).at(-1)?.toString() ?? '';

function long(fields: readonly Field[], number: number): LongBits {
  const value = numeric(fields, number);
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  };
}

function numeric(fields: readonly Field[], number: number): bigint {
  const field = fields.findLast((item) => item.number === number && item.kind !== 'bytes');
  return field === undefined || field.kind === 'bytes' ? 0n : field.value;
}

/**
 * Decodes opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest into what Langfuse stores: ids as bytes,
 * 64-bit numbers in two halves.
 *
 * @throws RangeError
 */
export function decodeExport(body: Buffer): OtlpResourceSpans[] {
  return messages(fieldsOf(body), 1).map((resourceSpans) => {
    const fields = fieldsOf(resourceSpans);
    const resource = messages(fields, 1).at(-1) ?? Buffer.alloc(0);
    return {
      resource: { attributes: attributes(fieldsOf(resource), 1) },
      scopeSpans: messages(fields, 2).map((scopeSpans) => scopeOf(fieldsOf(scopeSpans))),
    };
  });
}

function scopeOf(fields: readonly Field[]): NonNullable<OtlpResourceSpans['scopeSpans']>[number] {
  const scope = fieldsOf(messages(fields, 1).at(-1) ?? Buffer.alloc(0));
  return {
    scope: { name: text(scope, 1), version: text(scope, 2), attributes: attributes(scope, 3) },
    spans: messages(fields, 2).map((span) => spanOf(fieldsOf(span))),
  };
}

function spanOf(fields: readonly Field[]): OtlpSpan {
  const bytes = (number: number) => {
    const value = messages(fields, number).at(-1);
    return value === undefined ? undefined : ({ type: 'Buffer', data: [...value] } as const);
  };
  const empty = { type: 'Buffer', data: [] } as const;
  const parentSpanId = bytes(4);
  const status = fieldsOf(messages(fields, 15).at(-1) ?? Buffer.alloc(0));
  return {
    traceId: bytes(1) ?? empty,
    spanId: bytes(2) ?? empty,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: text(fields, 5),
    startTimeUnixNano: long(fields, 7),
    endTimeUnixNano: long(fields, 8),
    attributes: attributes(fields, 9),
    status: {
      code: Number(numeric(status, 3)),
      ...(text(status, 2) === '' ? {} : { message: text(status, 2) }),
    },
  };
}

function attributes(fields: readonly Field[], number: number): OtlpAttribute[] {
  return messages(fields, number).map((message) => {
    const pair = fieldsOf(message);
    const value = messages(pair, 2).at(-1);
    return { key: text(pair, 1), ...(value === undefined ? {} : { value: valueOf(value) }) };
  });
}

function valueOf(message: Buffer): OtlpValue {
  const [field] = fieldsOf(message);
  switch (field?.number) {
    case 1:
      return { stringValue: text([field], 1) };
    case 2:
      return { boolValue: numeric([field], 2) !== 0n };
    case 3:
      return { intValue: { ...long([field], 3), unsigned: false } };
    case 4: {
      const bits = Buffer.alloc(8);
      bits.writeBigUInt64LE(BigInt.asUintN(64, numeric([field], 4)));
      return { doubleValue: bits.readDoubleLE() };
    }
    case 5: {
      const inner = fieldsOf(messages([field], 5).at(-1) ?? Buffer.alloc(0));
      return { arrayValue: { values: messages(inner, 1).map(valueOf) } };
    }
    case 6: {
      const inner = fieldsOf(messages([field], 6).at(-1) ?? Buffer.alloc(0));
      return { kvlistValue: { values: attributes(inner, 1) } };
    }
    default:
      return {};
  }
}
