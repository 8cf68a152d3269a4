import type { Attributes } from './otel-attributes.ts';

/** Attribute names by what they say, the first that is set wins: Langfuse's own, then the conventions it reads. */
const names = {
  input: ['langfuse.observation.input', 'gen_ai.input.messages', 'gen_ai.prompt', 'input.value'],
  output: ['langfuse.observation.output', 'gen_ai.output.messages', 'gen_ai.completion', 'output.value'],
  userId: ['langfuse.user.id', 'user.id', 'langfuse.trace.metadata.langfuse_user_id'],
  sessionId: [
    'langfuse.session.id',
    'session.id',
    'gen_ai.conversation.id',
    'langfuse.trace.metadata.langfuse_session_id',
  ],
  model: [
    'langfuse.observation.model.name',
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.response.model',
    'llm.model_name',
    'model',
  ],
  tags: ['langfuse.trace.tags', 'langfuse.tags', 'langfuse.trace.metadata.langfuse_tags', 'tag.tags'],
  inputTokens: ['prompt_tokens', 'input_tokens', 'prompt'],
  outputTokens: ['completion_tokens', 'output_tokens', 'completion'],
  totalTokens: ['total_tokens', 'total'],
} as const;

/** The first value that is set. */
export function firstSaid(attributes: Attributes, what: keyof typeof names): unknown {
  return names[what].map((name) => attributes[name]).find((value) => value !== undefined && value !== '');
}

/** The model's name. */
export function modelSaid(own: Attributes): unknown {
  return firstSaid(own, 'model');
}

/** Tags as a list; they also come as JSON or with commas. */
export function tagsSaid(own: Attributes): string[] {
  const value = firstSaid(own, 'tags');
  const list = typeof value === 'string' && value.trim().startsWith('[') ? parsed(value) : value;
  if (Array.isArray(list)) return list.map(String);
  return typeof value === 'string' ? value.split(',').map((tag) => tag.trim()) : [];
}

/** Token counts: Langfuse's own JSON, or `gen_ai.usage.*` and `llm.token_count.*` under Langfuse's names. */
export function usageSaid(own: Attributes): unknown {
  const given = parsed(own['langfuse.observation.usage_details']);
  if (given !== undefined) return given;
  const prefix = /^(?:gen_ai\.usage|llm\.token_count)\./;
  const raw = Object.fromEntries(
    Object.entries(own)
      .filter(([name]) => prefix.test(name) && name !== 'gen_ai.usage.cost')
      .map(([name, value]) => [name.replace(prefix, ''), Number(value)]),
  );
  const renamed = {
    input: firstSaid(raw, 'inputTokens'),
    output: firstSaid(raw, 'outputTokens'),
    total: firstSaid(raw, 'totalTokens'),
  };
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined));
}

/** Attributes that hold JSON in a string; anything else stays as it is. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** `<prefix>.a` → `{a}`; the bare prefix may hold a JSON object. */
export function prefixed(own: Attributes, prefix: string): Record<string, unknown> {
  const whole = parsed(own[prefix]);
  const found: Record<string, unknown> = typeof whole === 'object' && whole !== null ? { ...whole } : {};
  for (const [name, value] of Object.entries(own))
    if (name.startsWith(`${prefix}.`)) found[name.slice(prefix.length + 1)] = value;
  return found;
}

/** What remains of the attributes as metadata: input and output have columns of their own. */
export function restOfAttributes(own: Attributes): Attributes {
  const told = new Set<string>([
    ...names.input,
    ...names.output,
    'langfuse.trace.input',
    'langfuse.trace.output',
  ]);
  return Object.fromEntries(Object.entries(own).filter(([name]) => !told.has(name)));
}
