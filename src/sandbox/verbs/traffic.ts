import { randomBytes, randomUUID } from 'node:crypto';
import type { Generation } from '../../deployment/model.ts';
import type { WriteMode } from '../fault.ts';

/** One request as an SDK sends it. */
export interface SdkRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Makes one request with ids of its own. */
export type SdkShape = (publicKey: string, at: Date) => SdkRequest;

/** What a deployment takes: 2 knows no OpenTelemetry; 4 refuses traces in JSON batches unless it also writes as before. */
export function shapesFor(generation: Generation, writeMode: WriteMode | null): readonly SdkShape[] {
  switch (generation) {
    case 2:
      return [jsonBatch];
    case 3:
      return [jsonBatch, otlpSpans];
    case 4:
      return [writeMode === null || writeMode === 'events_only' ? scoreBatch : jsonBatch, otlpSpans];
  }
}

/**
 * A trace with one generation as langfuse-js 3.39 sends it: one JSON batch; the order inside is not causal
 * (recorded from the SDK, test/fixtures/captures/sdk/langfuse-js-3.39.2-ingestion.json). `usage` is what all generations
 * read.
 */
export function jsonBatch(publicKey: string, at: Date): SdkRequest {
  const timestamp = at.toISOString();
  const traceId = randomUUID();
  const generation = {
    id: randomUUID(),
    traceId,
    name: 'completion',
    startTime: timestamp,
    endTime: timestamp,
    model: 'gpt-4o-mini',
    input: [{ role: 'user', content: 'hello' }],
    output: 'hi',
    usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 },
  };
  const trace = {
    id: traceId,
    timestamp,
    name: 'sandbox-load',
    userId: 'user-1',
    sessionId: 'session-1',
    metadata: { team: 'practice' },
    tags: ['sandbox-load'],
  };
  return ingestion(publicKey, timestamp, [
    ['generation-create', generation],
    ['trace-create', trace],
  ]);
}

/** A score alone, as the same SDK sends it. */
export function scoreBatch(publicKey: string, at: Date): SdkRequest {
  const score = { id: randomUUID(), traceId: randomUUID(), name: 'sandbox-load', value: 1 };
  return ingestion(publicKey, at.toISOString(), [['score-create', score]]);
}

function ingestion(
  publicKey: string,
  timestamp: string,
  events: readonly (readonly [type: string, body: unknown])[],
): SdkRequest {
  const batch = events.map(([type, body]) => ({ id: randomUUID(), type, timestamp, body }));
  const metadata = {
    batch_size: batch.length,
    sdk_integration: 'DEFAULT',
    sdk_version: '3.39.2',
    sdk_variant: 'langfuse',
    public_key: publicKey,
    sdk_name: 'langfuse-js',
  };
  return {
    path: '/api/public/ingestion',
    headers: {
      'content-type': 'application/json',
      'x-langfuse-sdk-name': 'langfuse-js',
      'x-langfuse-sdk-version': '3.39.2',
      'x-langfuse-sdk-variant': 'langfuse',
      'x-langfuse-sdk-integration': 'DEFAULT',
      'x-langfuse-public-key': publicKey,
    },
    body: { batch, metadata },
  };
}

type Attribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
const text = (key: string, stringValue: string): Attribute => ({ key, value: { stringValue } });

/** One span as @langfuse/otel 5.11 exports it: OTLP in JSON (test/fixtures/captures/sdk/langfuse-otel-5.11.1-immediate.json). */
export function otlpSpans(publicKey: string, at: Date): SdkRequest {
  const nanos = `${at.getTime()}000000`;
  const span = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'sandbox-load',
    kind: 1,
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes: [
      { key: 'langfuse.internal.is_app_root', value: { boolValue: true } },
      text('langfuse.observation.type', 'span'),
      text('langfuse.observation.input', '"hello"'),
      text('langfuse.trace.name', 'sandbox-load'),
      text('user.id', 'user-1'),
      text('session.id', 'session-1'),
    ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    status: { code: 0 },
    links: [],
    droppedLinksCount: 0,
    flags: 257,
  };
  const resource = {
    attributes: [
      text('service.name', 'sandbox-load'),
      text('telemetry.sdk.language', 'nodejs'),
      text('telemetry.sdk.name', 'opentelemetry'),
      text('telemetry.sdk.version', '2.12.0'),
    ],
    droppedAttributesCount: 0,
  };
  const scopeSpans = [{ scope: { name: 'langfuse-sdk', version: '5.11.1' }, spans: [span] }];
  return {
    path: '/api/public/otel/v1/traces',
    headers: {
      'content-type': 'application/json',
      'x-langfuse-sdk-name': 'javascript',
      'x-langfuse-sdk-version': '5.11.1',
      'x-langfuse-public-key': publicKey,
      'user-agent': 'OTel-OTLP-Exporter-JavaScript/0.223.1',
    },
    body: { resourceSpans: [{ resource, scopeSpans }] },
  };
}
