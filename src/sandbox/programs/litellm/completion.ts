import { randomUUID } from 'node:crypto';

/** One call of a model, as callbacks see it. */
export interface Completion {
  /** LiteLLM's id of the call; it becomes the trace's. */
  readonly callId: string;
  /** chatcmpl-…, of the answer. */
  readonly responseId: string;
  readonly model: string;
  readonly messages: unknown;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly user: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly promptTokens: number;
  readonly outcome:
    | { readonly ok: true; readonly text: string; readonly completionTokens: number }
    | { readonly ok: false; readonly error: string };
}

/** What a client asks for. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: unknown;
  readonly user: string | null;
  readonly mockResponse: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** The call that was made of a request, with an answer or an error. */
export function completionOf(
  request: CompletionRequest,
  answer: string | null,
  times: { readonly startMs: number; readonly endMs: number },
): Completion {
  const { model, messages, user, metadata, parameters } = request;
  return {
    callId: randomUUID(),
    responseId: `chatcmpl-${randomUUID()}`,
    model,
    messages,
    parameters,
    metadata,
    user,
    ...times,
    promptTokens: mockTokens.prompt,
    outcome:
      answer === null
        ? { ok: false, error: unreachable }
        : { ok: true, text: answer, completionTokens: mockTokens.completion },
  };
}

/** The answer in OpenAI's shape. */
export function responseBody(completion: Completion): unknown {
  const { outcome, promptTokens } = completion;
  const [text, completionTokens] = outcome.ok ? [outcome.text, outcome.completionTokens] : ['', 0];
  return {
    id: completion.responseId,
    created: Math.floor(completion.startMs / 1000),
    model: completion.model,
    object: 'chat.completion',
    system_fingerprint: null,
    choices: [
      {
        finish_reason: 'stop',
        index: 0,
        message: { content: text, role: 'assistant', tool_calls: null, function_call: null },
      },
    ],
    usage: {
      completion_tokens: completionTokens,
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + completionTokens,
      completion_tokens_details: null,
      prompt_tokens_details: null,
    },
  };
}

/** What LiteLLM counts for every mock response, whatever its length. */
const mockTokens = { prompt: 10, completion: 20 } as const;

/** The words of a provider that refuses connections; no provider is reachable from here. */
const unreachable = 'litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.';

/** What the client is told of a failed call: the router's words after the provider's. */
export function errorText({ model, outcome }: Completion): string {
  const error = outcome.ok ? '' : outcome.error;
  return `${error}. Received Model Group=${model}\nAvailable Model Group Fallbacks=None`;
}
