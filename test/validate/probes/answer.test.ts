import { describe, expect, it } from 'vitest';
import { notItsOwn } from '../../../src/validate/probes/answer.ts';
import { answer } from '../_answer.ts';

describe('an answer', () => {
  it('of Langfuse is JSON, whatever its status', () => {
    expect(notItsOwn(answer(200, { status: 'OK' }))).toBeNull();
    expect(notItsOwn(answer(404, { message: 'Not found' }))).toBeNull();
    expect(notItsOwn(answer(503, '{"error":"down"}'))).toBeNull();
  });

  it.each([
    [
      { ...answer(502, '<html><head><title>502 Bad Gateway</title></head></html>'), server: 'nginx' },
      '502 of nginx "502 Bad Gateway", answered by something in front of Langfuse',
    ],
    [
      answer(503, 'upstream connect error or disconnect/reset before headers'),
      '503 "upstream connect error or disconnect/reset before headers", answered by something in front of Langfuse',
    ],
    [answer(200, 'OK'), '200 "OK", answered by something in front of Langfuse'],
    [answer(404, ''), '404, answered by something in front of Langfuse'],
  ])('of what stands in front is told by it: %#', (given, text) => {
    expect(notItsOwn(given)).toBe(text);
  });

  it('that redirects is told without the query, where sign-in keeps tokens', () => {
    const location = 'https://login.example.com/authorize?state=secret-state#token';
    expect(notItsOwn({ ...answer(302, ''), location })).toBe(
      '302, a redirect to https://login.example.com/authorize',
    );
  });
});
