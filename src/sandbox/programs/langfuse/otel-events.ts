import { checkEvent } from './event-check.ts';
import type { IngestionEvent } from './events.ts';
import { uuid } from './ids.ts';
import type { SpanReading } from './otel-span.ts';

/**
 * Each span becomes an observation event. A trace event comes with the root, with a span that says something about
 * its trace, and, almost empty, with the first span of a trace that has neither.
 */
export function eventsOfSpans(spans: readonly SpanReading[]): IngestionEvent[] {
  const told = new Set(spans.filter(saysTrace).map(({ traceId }) => traceId));
  const made = spans.flatMap((span) => {
    if (saysTrace(span)) return [traceEvent(span), observationEvent(span)];
    const isFirst = !told.has(span.traceId);
    told.add(span.traceId);
    return isFirst ? [emptyTraceEvent(span), observationEvent(span)] : [observationEvent(span)];
  });
  return made.map((event) => checkEvent(event)).flatMap((checked) => (checked.ok ? [checked.event] : []));
}

function saysTrace({ isRoot, updatesTrace }: SpanReading): boolean {
  return isRoot || updatesTrace;
}

function emptyTraceEvent({ traceId, start, environment }: SpanReading): object {
  return {
    id: uuid(),
    type: 'trace-create',
    timestamp: start,
    body: { id: traceId, timestamp: start, environment },
  };
}

/** The root span carries input and output up to its trace; other spans only bring what names the trace. */
function traceEvent(span: SpanReading): object {
  const { traceId, start, isRoot, trace, metadata } = span;
  return {
    id: uuid(),
    type: 'trace-create',
    timestamp: start,
    body: {
      id: traceId,
      timestamp: start,
      name: trace.name ?? (isRoot ? span.name : undefined),
      metadata: { ...metadata.trace, ...(isRoot ? metadata.observation : {}), ...metadata.context },
      version: span.version,
      release: span.release,
      userId: trace.userId,
      sessionId: trace.sessionId,
      public: trace.public,
      tags: trace.tags,
      environment: span.environment,
      input: trace.input ?? (isRoot ? span.input : undefined),
      output: trace.output ?? (isRoot ? span.output : undefined),
    },
  };
}

function observationEvent(span: SpanReading): object {
  return {
    id: uuid(),
    type: `${span.type.toLowerCase()}-create`,
    timestamp: new Date().toISOString(),
    body: {
      id: span.spanId,
      traceId: span.traceId,
      parentObservationId: span.parentSpanId ?? null,
      name: span.name,
      startTime: span.start,
      endTime: span.end,
      environment: span.environment,
      completionStartTime: span.completionStart,
      metadata: { ...span.metadata.observation, ...span.metadata.context },
      level: span.level,
      statusMessage: span.statusMessage,
      version: span.version,
      modelParameters: span.modelParameters,
      model: span.model,
      promptName: span.promptName,
      promptVersion: span.promptVersion,
      usageDetails: span.usage,
      costDetails: span.cost,
      input: span.input,
      output: span.output,
    },
  };
}
