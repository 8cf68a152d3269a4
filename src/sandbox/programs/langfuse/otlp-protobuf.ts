import type { LongBits, OtlpResourceSpans } from './otel-attributes.ts';
import { wireFields, type WireField } from './protobuf-wire.ts';

/** How 64-bit numbers come out of a decoder: decimal text as OTLP's JSON has it, or protobuf.js' two halves. */
export type Longs = 'text' | 'halves';

type Scalar = 'text' | 'bytes' | 'bool' | 'number' | 'double' | 'long' | 'unsignedLong';

interface FieldShape {
  readonly name: string;
  /** A message is named by a function, as messages hold one another. */
  readonly kind: Scalar | (() => MessageShape);
  readonly repeated?: true;
}

/** Fields of a message by number, in the order in which a decoded object has them. */
type MessageShape = Readonly<Record<number, FieldShape>>;

const one = (name: string, kind: FieldShape['kind']): FieldShape => ({ name, kind });
const many = (name: string, kind: FieldShape['kind']): FieldShape => ({ name, kind, repeated: true });

// opentelemetry/proto/common, resource and trace v1 (github.com/open-telemetry/opentelemetry-proto)
const anyValue: MessageShape = {
  1: one('stringValue', 'text'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'long'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => ({ 1: many('values', () => anyValue) })),
  6: one('kvlistValue', () => ({ 1: many('values', () => keyValue) })),
  7: one('bytesValue', 'bytes'),
};
const keyValue: MessageShape = { 1: one('key', 'text'), 2: one('value', () => anyValue) };
const attributes = many('attributes', () => keyValue);
const dropped = one('droppedAttributesCount', 'number');
const resource: MessageShape = { 1: attributes, 2: dropped };
const scope: MessageShape = {
  1: one('name', 'text'),
  2: one('version', 'text'),
  3: attributes,
  4: dropped,
};
const event: MessageShape = {
  1: one('timeUnixNano', 'unsignedLong'),
  2: one('name', 'text'),
  3: attributes,
  4: dropped,
};
const link: MessageShape = {
  1: one('traceId', 'bytes'),
  2: one('spanId', 'bytes'),
  3: one('traceState', 'text'),
  4: attributes,
  5: dropped,
  6: one('flags', 'number'),
};
const span: MessageShape = {
  1: one('traceId', 'bytes'),
  2: one('spanId', 'bytes'),
  3: one('traceState', 'text'),
  4: one('parentSpanId', 'bytes'),
  5: one('name', 'text'),
  6: one('kind', 'number'),
  7: one('startTimeUnixNano', 'unsignedLong'),
  8: one('endTimeUnixNano', 'unsignedLong'),
  9: attributes,
  10: dropped,
  11: many('events', () => event),
  12: one('droppedEventsCount', 'number'),
  13: many('links', () => link),
  14: one('droppedLinksCount', 'number'),
  15: one('status', () => ({ 2: one('message', 'text'), 3: one('code', 'number') })),
  16: one('flags', 'number'),
};
const scopeSpans: MessageShape = {
  1: one('scope', () => scope),
  2: many('spans', () => span),
  3: one('schemaUrl', 'text'),
};
const resourceSpans: MessageShape = {
  1: one('resource', () => resource),
  2: many('scopeSpans', () => scopeSpans),
  3: one('schemaUrl', 'text'),
};
const exportRequest: MessageShape = { 1: many('resourceSpans', () => resourceSpans) };

/**
 * Decodes opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest into what Langfuse stores: what is on the
 * wire and no more, ids as bytes.
 *
 * @throws RangeError when it is cut short or no protobuf
 */
export function decodeExport(body: Buffer, longs: Longs): OtlpResourceSpans[] {
  const decoded = decodeMessage(body, exportRequest, longs)['resourceSpans'] ?? [];
  // The tables above spell this very type.
  return decoded as OtlpResourceSpans[];
}

function decodeMessage(message: Buffer, shape: MessageShape, longs: Longs): Record<string, unknown> {
  const fields = wireFields(message);
  const decoded: Record<string, unknown> = {};
  for (const [number, { name, kind, repeated }] of Object.entries(shape)) {
    const own = fields.filter((field) => field.number === Number(number));
    const values = own.map((field) => valueOf(field, kind, longs));
    if (values.length > 0) decoded[name] = repeated === true ? values : values.at(-1);
  }
  return decoded;
}

function valueOf(field: WireField, kind: FieldShape['kind'], longs: Longs): unknown {
  if (field.bytes === undefined) return typeof kind === 'string' ? numeric(field.value, kind, longs) : {};
  if (typeof kind === 'function') return decodeMessage(field.bytes, kind(), longs);
  return kind === 'text' ? field.bytes.toString() : { type: 'Buffer', data: [...field.bytes] };
}

function numeric(value: bigint, kind: Scalar, longs: Longs): unknown {
  switch (kind) {
    case 'bool':
      return value !== 0n;
    case 'double':
      return doubleOf(value);
    case 'long':
      return longs === 'text' ? String(BigInt.asIntN(64, value)) : halves(value, false);
    case 'unsignedLong':
      return longs === 'text' ? String(BigInt.asUintN(64, value)) : halves(value, true);
    case 'number':
    case 'text':
    case 'bytes':
      return Number(BigInt.asIntN(32, value));
  }
}

function doubleOf(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, bits));
  return bytes.readDoubleLE();
}

function halves(value: bigint, unsigned: boolean): LongBits {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned,
  };
}
