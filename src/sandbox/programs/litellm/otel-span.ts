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
