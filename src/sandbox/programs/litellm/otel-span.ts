import { createHash, randomBytes } from 'node:crypto';
import type { Completion } from './completion.ts';
import type { AttributeValue, Span } from './otlp-encode.ts';

/** A call as LiteLLM 1.74's OpenTelemetry logger writes it, by OpenInference's names. */
export function openInferenceSpan(completion: Completion): Span {
  const { callId, startMs, endMs, outcome } = completion;
  return {
    traceId: createHash('md5').update(callId).digest('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'litellm_request',
    startMs,
    endMs,
    attributes: { ...requestAttributes(completion), ...answerAttributes(completion) },
    error: outcome.ok ? null : outcome.error,
  };
}

/** A call as LiteLLM 1.104's `langfuse` callback writes it, by Langfuse's own names. */
export function langfuseSpan(completion: Completion): Span {
  const { callId, startMs, endMs, outcome } = completion;
  return {
    traceId: createHash('sha256').update(callId).digest('hex').slice(0, 32),
    spanId: randomBytes(8).toString('hex'),
    name: text(completion.metadata['generation_name']) ?? 'litellm-acompletion',
    startMs,
    endMs,
    attributes: langfuseAttributes(completion),
    error: outcome.ok ? null : outcome.error,
  };
}

function langfuseAttributes(completion: Completion): Record<string, AttributeValue> {
  const { outcome, metadata, messages, model, parameters, promptTokens, user, responseId } = completion;
  const session = text(metadata['session_id']);
  const tokens = outcome.ok
    ? {
        input: promptTokens,
        output: outcome.completionTokens,
        total: promptTokens + outcome.completionTokens,
      }
    : null;
  return {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.level': outcome.ok ? 'DEFAULT' : 'ERROR',
    'langfuse.observation.input': JSON.stringify({ messages }),
    'langfuse.observation.output': outcome.ok
      ? JSON.stringify({ content: outcome.text, role: 'assistant' })
      : outcome.error,
    'langfuse.observation.model.name': model,
    'langfuse.observation.model.parameters': JSON.stringify(parameters),
    ...(tokens === null ? {} : { 'langfuse.observation.usage_details': JSON.stringify(tokens) }),
    'langfuse.observation.metadata.response_id': responseId,
    'langfuse.trace.name': text(metadata['trace_name']) ?? 'litellm-acompletion',
    ...(user === null ? {} : { 'user.id': user }),
    ...(session === null ? {} : { 'session.id': session }),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function requestAttributes(completion: Completion): Record<string, AttributeValue> {
  const { model, metadata, parameters, user, promptTokens } = completion;
  return {
    metadata: JSON.stringify({
      requester_metadata: metadata,
      user_api_key_end_user_id: user,
      user_api_key_request_route: '/v1/chat/completions',
    }),
    'llm.model_name': model,
    'llm.request.type': 'acompletion',
    'llm.provider': 'openai',
    'openinference.span.kind': 'LLM',
    'input.value': lastContent(completion.messages),
    'llm.invocation_parameters': JSON.stringify(parameters),
    'llm.token_count.prompt': promptTokens,
    ...(user === null ? {} : { 'llm.user': user, 'user.id': user }),
  };
}

function answerAttributes({
  outcome,
  responseId,
  model,
  promptTokens,
}: Completion): Record<string, AttributeValue> {
  if (!outcome.ok) return {};
  return {
    'llm.response.id': responseId,
    'llm.response.model': model,
    'output.value': outcome.text,
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.content': outcome.text,
    'llm.token_count.completion': outcome.completionTokens,
    'llm.token_count.total': promptTokens + outcome.completionTokens,
  };
}

function lastContent(messages: unknown): string {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : null;
  const content =
    typeof last === 'object' && last !== null && 'content' in last ? last.content : JSON.stringify(messages);
  return typeof content === 'string' ? content : JSON.stringify(content ?? '');
}
