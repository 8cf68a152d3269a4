/** OTLP as its JSON encoding has it; bytes and 64-bit numbers may also come as protobuf libraries leave them. */
interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number | LongBits;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
}

/** A key with a typed value, as OTLP has it. https://opentelemetry.io/docs/specs/otlp/ */
export interface OtlpAttribute {
  readonly key: string;
  readonly value?: OtlpValue;
}

/** A 64-bit number in two halves, as protobuf.js gives it. */
export interface LongBits {
  readonly low: number;
  readonly high: number;
  readonly unsigned?: boolean;
}

/** Hexadecimal text, or a Buffer that went through JSON. */
export type OtlpId = string | { readonly type: 'Buffer'; readonly data: readonly number[] };

/** A span of OTLP. */
export interface OtlpSpan {
  readonly traceId: OtlpId;
  readonly spanId: OtlpId;
  readonly parentSpanId?: OtlpId | null;
  readonly name?: string;
  readonly startTimeUnixNano?: string | number | LongBits;
  readonly endTimeUnixNano?: string | number | LongBits;
  readonly attributes?: readonly OtlpAttribute[];
  readonly status?: { readonly code?: number | string; readonly message?: string };
}

/** The spans of one resource. */
export interface OtlpResourceSpans {
  readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
  readonly scopeSpans?: readonly {
    readonly scope?: {
      readonly name?: string;
      readonly version?: string;
      readonly attributes?: readonly OtlpAttribute[];
    };
    readonly spans?: readonly OtlpSpan[];
  }[];
}

/** Attributes by key, with plain values. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Plain values of a list of attributes. */
export function attributesOf(list: readonly OtlpAttribute[] | undefined): Attributes {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: OtlpValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.doubleValue !== undefined) return value.doubleValue;
  if (value.intValue !== undefined) return Number(bigOf(value.intValue));
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plainValue);
  if (value.kvlistValue !== undefined) return attributesOf(value.kvlistValue.values);
  return undefined;
}

/** Hex of an id that came as text or as bytes. */
export function idText(id: OtlpId | null | undefined): string {
  if (id === null || id === undefined) return '';
  return typeof id === 'string' ? id : Buffer.from(id.data).toString('hex');
}

/** ISO time of nanoseconds since 1970. */
export function timeOf(value: string | number | LongBits | undefined): string {
  const ms = value === undefined ? new Date().getTime() : Number(bigOf(value) / 1_000_000n);
  return new Date(ms).toISOString();
}

function bigOf(value: string | number | LongBits): bigint {
  if (typeof value === 'object') return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
  return BigInt(typeof value === 'number' ? Math.trunc(value) : /^-?\d+$/.test(value) ? value : '0');
}
