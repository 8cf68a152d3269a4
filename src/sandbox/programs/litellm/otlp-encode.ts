/** A value of a span's or a resource's attribute. */
export type AttributeValue = string | number | boolean;

/** What a span has here; times in milliseconds since 1970. */
export interface Span {
  /** Hexadecimal. */
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Message of a failure; null when all went well. */
  readonly error: string | null;
}

/** An export's one resource with its one scope. */
export interface SpanBatch {
  readonly resource: Readonly<Record<string, AttributeValue>>;
  readonly scope: string;
  readonly spans: readonly Span[];
}

/**
 * ExportTraceServiceRequest in protobuf: field numbers of opentelemetry/proto/trace/v1/trace.proto
 * (github.com/open-telemetry/opentelemetry-proto).
 */
export function encodeSpans({ resource, scope, spans }: SpanBatch): Buffer {
  const scopeSpans = [message(1, [text(1, scope)]), ...spans.map((span) => message(2, spanFields(span)))];
  return message(1, [message(1, attributes(1, resource)), message(2, scopeSpans)]);
}

const internal = 1;
const [statusOk, statusError] = [1, 2];

function spanFields(span: Span): Buffer[] {
  return [
    bytes(1, Buffer.from(span.traceId, 'hex')),
    bytes(2, Buffer.from(span.spanId, 'hex')),
    text(5, span.name),
    varintField(6, internal),
    nanoseconds(7, span.startMs),
    nanoseconds(8, span.endMs),
    ...attributes(9, span.attributes),
    message(
      15,
      span.error === null ? [varintField(3, statusOk)] : [text(2, span.error), varintField(3, statusError)],
    ),
  ];
}

function attributes(field: number, values: Readonly<Record<string, AttributeValue>>): Buffer[] {
  return Object.entries(values).map(([key, value]) => message(field, [text(1, key), anyValue(value)]));
}

function anyValue(value: AttributeValue): Buffer {
  if (typeof value === 'string') return message(2, [text(1, value)]);
  if (typeof value === 'boolean') return message(2, [varintField(2, value ? 1 : 0)]);
  if (Number.isInteger(value)) return message(2, [varintField(3, value)]);
  const double = Buffer.alloc(9);
  double.writeUInt8((4 << 3) | 1);
  double.writeDoubleLE(value, 1);
  return message(2, [double]);
}

function nanoseconds(field: number, ms: number): Buffer {
  const fixed = Buffer.alloc(9);
  fixed.writeUInt8((field << 3) | 1);
  fixed.writeBigUInt64LE(BigInt(Math.round(ms)) * 1_000_000n, 1);
  return fixed;
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts));
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

/** Of what is not negative. */
function varint(value: number): Buffer {
  const parts: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) parts.push((rest % 0x80) | 0x80);
  return Buffer.from([...parts, rest]);
}
