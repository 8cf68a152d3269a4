import type { HttpAnswer } from '../ports/langfuse.ts';

/** The fields of an answer; none where it is no JSON object. */
export const fieldsOf = ({ body }: Pick<HttpAnswer, 'body'>): Readonly<Record<string, unknown>> => ({
  ...objectIn(body),
});

/** An object or a list of JSON; null for anything else. */
export function objectIn(body: string): object | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}
