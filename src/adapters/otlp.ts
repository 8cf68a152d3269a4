import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { EncodeSpans, OtlpSpan, OtlpValue } from '../ports/otlp.ts';

/** The serializers of OpenTelemetry's own exporters. @throws TypeError when they give nothing */
export const encodeSpans: EncodeSpans = (spans, resource, encoding) => {
  // The serializers group spans by the identity of these two.
  const shared = { resource: resourceOf(resource), instrumentationScope: { name: 'lfctl' } };
  const readable = spans.map((span) => readableSpan(span, shared));
  const serializer = encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  const bytes = serializer.serializeRequest(readable);
  if (bytes === undefined) throw new TypeError('the spans were not encoded');
  const contentType = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  return Promise.resolve({ contentType, bytes: Buffer.from(bytes) });
};

function resourceOf(attributes: Readonly<Record<string, OtlpValue>>): ReadableSpan['resource'] {
  const resource: ReadableSpan['resource'] = {
    attributes: mutable(attributes),
    merge: () => resource,
    getRawAttributes: () => Object.entries(mutable(attributes)),
  };
  return resource;
}

/** A span as an SDK hands it to its exporter, without an SDK behind it. */
function readableSpan(
  span: OtlpSpan,
  shared: Pick<ReadableSpan, 'resource' | 'instrumentationScope'>,
): ReadableSpan {
  const { traceId, parentSpanId } = span;
  return {
    ...shared,
    name: span.name,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId: span.spanId, traceFlags: TraceFlags.SAMPLED }),
    ...(parentSpanId === null
      ? {}
      : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED } }),
    startTime: hrTime(span.start),
    endTime: hrTime(span.end),
    duration: [0, 0],
    ended: true,
    status: { code: SpanStatusCode.UNSET },
    attributes: mutable(span.attributes),
    links: [],
    events: [],
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
