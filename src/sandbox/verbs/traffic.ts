import { randomBytes, randomUUID } from 'node:crypto';

/** One request as an SDK sends it. */
export interface SdkRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * A trace with one generation as langfuse-js 3.39 sends it: one JSON batch; the order inside is not causal
 * (recorded from the SDK, test/fixtures/captures/sdk/langfuse-js-3.39.2-ingestion.json).
 */
export function jsonBatch(publicKey: string, at: Date): SdkRequest {
  const timestamp = at.toISOString();
  const traceId = randomUUID();
  const generationId = randomUUID();
  const event = (type: string, body: unknown): unknown => ({ id: randomUUID(), type, timestamp, body });
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
    body: {
      batch: [
        event('generation-create', {
          id: generationId,
          traceId,
          name: 'completion',
          startTime: timestamp,
          endTime: timestamp,
          model: 'gpt-4o-mini',
          input: [{ role: 'user', content: 'hello' }],
          output: 'hi',
          usageDetails: { input: 10, output: 5, total: 15 },
        }),
        event('trace-create', {
          id: traceId,
          timestamp,
          name: 'sandbox-load',
          userId: 'user-1',
          sessionId: 'session-1',
          metadata: { team: 'practice' },
          tags: ['sandbox-load'],
        }),
      ],
      metadata: {
        batch_size: 2,
        sdk_integration: 'DEFAULT',
        sdk_version: '3.39.2',
        sdk_variant: 'langfuse',
        public_key: publicKey,
        sdk_name: 'langfuse-js',
      },
    },
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
