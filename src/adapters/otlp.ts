import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { EncodeSpans, OtlpSpan, OtlpValue } from '../ports/otlp.ts';

/** `TraceFlags.SAMPLED`, `SpanKind.INTERNAL` and `SpanStatusCode.UNSET` of OpenTelemetry's API. */
const sampled = 1;
const internal = 0;
const unset = 0;

/** The serializers of OpenTelemetry's own exporters. @throws TypeError when they give nothing */
export const encodeSpans: EncodeSpans = (spans, resource, encoding) => {
  const readable = spans.map((span) => readableSpan(span, resource));
  const serializer = encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  const bytes = serializer.serializeRequest(readable);
  if (bytes === undefined) throw new TypeError('the spans were not encoded');
  const contentType = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  return Promise.resolve({ contentType, bytes: Buffer.from(bytes) });
};

/** A span as an SDK hands it to its exporter, without an SDK behind it. */
function readableSpan(span: OtlpSpan, attributes: Readonly<Record<string, OtlpValue>>): ReadableSpan {
  const { traceId, parentSpanId } = span;
  const resource: ReadableSpan['resource'] = {
    attributes: mutable(attributes),
    merge: () => resource,
    getRawAttributes: () => Object.entries(mutable(attributes)),
  };
  return {
    name: span.name,
    kind: internal,
    spanContext: () => ({ traceId, spanId: span.spanId, traceFlags: sampled }),
    ...(parentSpanId === null
      ? {}
      : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: sampled } }),
    startTime: hrTime(span.start),
    endTime: hrTime(span.end),
    duration: [0, 0],
    ended: true,
    status: { code: unset },
    attributes: mutable(span.attributes),
    links: [],
    events: [],
    resource,
    instrumentationScope: { name: 'lfctl' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds, as performance timers have them. */
function hrTime(at: Date): [number, number] {
  const ms = at.getTime();
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}

/** OpenTelemetry's types ask for arrays that may be written to. */
function mutable(
  values: Readonly<Record<string, OtlpValue>>,
): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
  );
}
