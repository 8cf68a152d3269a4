import type { OtlpSpan } from '../../ports/otlp.ts';
import type { Canary } from '../canary.ts';
import { canaryEnvironment, canaryName } from '../canary.ts';

/** What Langfuse's own OpenTelemetry SDK says of itself: it makes Langfuse 4 write directly, without the staging table. */
export const directHeaders = { 'x-langfuse-ingestion-version': '4' } as const;

export const canaryResource = {
  'service.name': 'lfctl',
  'langfuse.environment': canaryEnvironment,
} as const;

/** Root span and generation with the attributes that Langfuse maps (https://langfuse.com/integrations/native/opentelemetry). */
export function canarySpans(canary: Canary): OtlpSpan[] {
  const { traceId, rootId, generationId, at } = canary;
  const common = { traceId, start: at, end: new Date(at.getTime() + 1), name: canaryName };
  return [
    { ...common, spanId: rootId, parentSpanId: null, attributes: traceAttributes(canary) },
    {
      ...common,
      spanId: generationId,
      parentSpanId: rootId,
      attributes: {
        ...traceAttributes(canary),
        'langfuse.observation.type': 'generation',
        'langfuse.observation.input': 'ping',
        'langfuse.observation.output': 'pong',
        'gen_ai.request.model': 'lfctl-canary',
        'gen_ai.usage.input_tokens': 1,
        'gen_ai.usage.output_tokens': 1,
      },
    },
  ];
}

/** Of the trace; SDKs repeat them on each span, and Langfuse 4 reads them there. */
function traceAttributes({ userId, sessionId, tags, metadata }: Canary): OtlpSpan['attributes'] {
  const own = Object.entries(metadata).map(([key, value]) => [`langfuse.trace.metadata.${key}`, value]);
  return {
    'langfuse.trace.name': canaryName,
    'langfuse.environment': canaryEnvironment,
    'user.id': userId,
    'session.id': sessionId,
    'langfuse.trace.tags': tags,
    ...Object.fromEntries(own),
  };
}
