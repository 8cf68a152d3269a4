/** A value of an attribute, as OpenTelemetry allows them. */
export type OtlpValue = string | number | boolean | readonly string[];

/** One ended span. */
export interface OtlpSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly start: Date;
  readonly end: Date;
  readonly attributes: Readonly<Record<string, OtlpValue>>;
}

/** The body of an export request (OTLP/HTTP, https://opentelemetry.io/docs/specs/otlp/#otlphttp-request). */
interface OtlpBody {
  readonly contentType: 'application/json' | 'application/x-protobuf';
  readonly bytes: Buffer;
}

/** Encodes spans of one resource and scope as an exporter does. */
export type EncodeSpans = (
  spans: readonly OtlpSpan[],
  resource: Readonly<Record<string, OtlpValue>>,
  encoding: 'json' | 'protobuf',
) => Promise<OtlpBody>;
