import type { HttpAnswer } from '../../src/ports/langfuse.ts';

/** What web says; anything but text as JSON. */
export const answer = (status: number, body: unknown = {}): HttpAnswer => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ms: 1,
  keepAliveSeconds: null,
  contentType: 'application/json',
  truncated: false,
});
