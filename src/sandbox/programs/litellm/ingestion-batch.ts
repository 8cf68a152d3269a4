import { randomUUID } from 'node:crypto';
import type { Completion } from './completion.ts';

/** The Langfuse SDK that LiteLLM 1.74 brings. */
export const sdkVersion = '2.59.7';

/** One event of a batch, as LiteLLM's callback sends it. */
export interface IngestionEvent {
  readonly id: string;
  readonly type: 'trace-create' | 'generation-create';
  readonly timestamp: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A trace and its generation as LiteLLM's `langfuse` callback gives them to the Python SDK 2.
 * BerriAI/litellm litellm/integrations/langfuse/langfuse.py, _log_langfuse_v2.
 */
export function eventsOf(completion: Completion, nowMs: number): IngestionEvent[] {
  const timestamp = new Date(nowMs).toISOString();
  const event = (type: IngestionEvent['type'], body: Readonly<Record<string, unknown>>): IngestionEvent => ({
    id: randomUUID(),
    type,
    timestamp,
    body,
  });
  return [
    event('trace-create', traceBody(completion, timestamp)),
    event('generation-create', generationBody(completion)),
  ];
}

/** The body of POST /api/public/ingestion. */
export function batchBody(events: readonly IngestionEvent[], publicKey: string): string {
  return JSON.stringify({
    batch: events,
    metadata: {
      batch_size: events.length,
      sdk_integration: 'litellm',
      sdk_name: 'python',
      sdk_version: sdkVersion,
      public_key: publicKey,
    },
  });
}

function traceBody(completion: Completion, timestamp: string): Readonly<Record<string, unknown>> {
  const { metadata, outcome } = completion;
  return {
    id: text(metadata['trace_id']) ?? completion.callId,
    timestamp,
    name: text(metadata['trace_name']) ?? 'litellm-acompletion',
    userId: completion.user,
    sessionId: text(metadata['session_id']) ?? null,
    input: { messages: completion.messages },
    ...(outcome.ok ? { output: message(outcome.text) } : {}),
    tags: Array.isArray(metadata['tags']) ? metadata['tags'] : [],
  };
}

function generationBody(completion: Completion): Readonly<Record<string, unknown>> {
  const { metadata, outcome, promptTokens } = completion;
  const start = new Date(completion.startMs).toISOString();
  const completionTokens = outcome.ok ? outcome.completionTokens : 0;
  return {
    id: `time-${start.slice(11, 23).replace(/[:.]/g, '-')}_${completion.responseId}`,
    traceId: text(metadata['trace_id']) ?? completion.callId,
    name: text(metadata['generation_name']) ?? 'litellm-acompletion',
    startTime: start,
    endTime: new Date(completion.endMs).toISOString(),
    completionStartTime: new Date(completion.endMs).toISOString(),
    model: completion.model,
    modelParameters: completion.parameters,
    input: { messages: completion.messages },
    output: outcome.ok ? message(outcome.text) : outcome.error,
    ...(outcome.ok ? {} : { statusMessage: outcome.error }),
    level: outcome.ok ? 'DEFAULT' : 'ERROR',
    usage: { input: promptTokens, output: completionTokens, unit: 'TOKENS', totalCost: 0 },
    usageDetails: { input: promptTokens, output: completionTokens, total: promptTokens + completionTokens },
    metadata: { litellm_response_cost: 0, cache_hit: false, ...metadata },
  };
}

function message(content: string): unknown {
  return { content, role: 'assistant', tool_calls: null, function_call: null };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
