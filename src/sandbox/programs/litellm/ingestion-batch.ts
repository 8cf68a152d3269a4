import { randomUUID } from 'node:crypto';
import type { Completion } from './completion.ts';

/** What the Langfuse SDK that LiteLLM 1.74 brings (2.59.7) says of itself. */
export const sdkVersion = '2.57.13a0';

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
  const timestamp = pythonTime(nowMs);
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
  const { metadata, outcome, user } = completion;
  const session = text(metadata['session_id']);
  return {
    id: text(metadata['trace_id']) ?? completion.callId,
    timestamp,
    name: text(metadata['trace_name']) ?? 'litellm-acompletion',
    ...(user === null ? {} : { userId: user }),
    input: { messages: completion.messages },
    ...(outcome.ok ? { output: message(outcome.text) } : {}),
    ...(session === null ? {} : { sessionId: session }),
    tags: Array.isArray(metadata['tags']) ? metadata['tags'] : [],
    ...(outcome.ok ? {} : { status_message: outcome.error }),
  };
}

function generationBody(completion: Completion): Readonly<Record<string, unknown>> {
  const { metadata, outcome, promptTokens } = completion;
  const [start, end] = [pythonTime(completion.startMs), pythonTime(completion.endMs)];
  return {
    traceId: text(metadata['trace_id']) ?? completion.callId,
    name: text(metadata['generation_name']) ?? 'litellm-acompletion',
    startTime: start,
    metadata: {
      requester_metadata: metadata,
      user_api_key_request_route: '/v1/chat/completions',
      model_group: completion.model,
      litellm_response_cost: 0,
      cache_hit: false,
    },
    input: { messages: completion.messages },
    output: outcome.ok ? message(outcome.text) : outcome.error,
    level: outcome.ok ? 'DEFAULT' : 'ERROR',
    ...(outcome.ok ? {} : { statusMessage: outcome.error }),
    id: `time-${start.slice(11, 26).replace(/[:.]/g, '-')}_${completion.responseId}`,
    endTime: end,
    ...(outcome.ok ? { completionStartTime: end } : {}),
    model: completion.model,
    modelParameters: completion.parameters,
    ...(outcome.ok
      ? { usage: { input: promptTokens, output: outcome.completionTokens, unit: 'TOKENS', totalCost: 0 } }
      : {}),
  };
}

/** Python's isoformat has microseconds. */
function pythonTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

function message(content: string): unknown {
  return { content, role: 'assistant', tool_calls: null, function_call: null };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
