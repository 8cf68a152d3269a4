import { expect, it } from 'vitest';
import { firstSaid, modelSaid, usageSaid } from '../../../src/sandbox/programs/langfuse/otel-names.ts';
import { completionOf } from '../../../src/sandbox/programs/litellm/completion.ts';
import { openInferenceSpan } from '../../../src/sandbox/programs/litellm/otel-span.ts';

const request = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'hi' }],
  user: 'u1',
  mockResponse: null,
  metadata: {},
  parameters: {},
};

it('is read by Langfuse with its model, user, text and tokens', () => {
  const { attributes } = openInferenceSpan(completionOf(request, 'hello', { startMs: 0, endMs: 1 }));
  expect(usageSaid(attributes)).toEqual({ input: 10, output: 20, total: 30 });
  expect(modelSaid(attributes)).toBe('gpt-4o-mini');
  expect((['input', 'output', 'userId'] as const).map((what) => firstSaid(attributes, what))).toEqual([
    'hi',
    'hello',
    'u1',
  ]);
});

it('tells a failed call by its status', () => {
  const span = openInferenceSpan(completionOf(request, null, { startMs: 0, endMs: 1 }));
  expect(span.error).toContain('Connection error');
  expect(usageSaid(span.attributes)).toEqual({ input: 10 });
});
