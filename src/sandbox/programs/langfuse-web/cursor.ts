import { isRecord } from '../langfuse/event-check.ts';
import { HttpError } from './answer.ts';

/** A cursor is base64 of JSON. */
export function encodeCursor(cursor: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64');
}

/** The texts of a cursor; undefined for the first page. @throws HttpError 400 when one of the fields is missing */
export function cursorOf<Field extends string>(
  query: URLSearchParams,
  fields: readonly Field[],
): Readonly<Record<Field, string>> | undefined {
  const text = query.get('cursor');
  if (text === null || text === '') return undefined;
  const value = decoded(text);
  const found = fields.flatMap((field) => {
    const part = value[field];
    return typeof part === 'string' ? [[field, part] as const] : [];
  });
  if (found.length < fields.length) throw invalid();
  return Object.fromEntries(found) as Record<Field, string>;
}

function decoded(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (isRecord(value)) return value;
  } catch {
    // Said below in the words of the API.
  }
  throw invalid();
}

function invalid(): HttpError {
  return new HttpError(400, { message: 'Invalid cursor format', error: 'InvalidRequestError' });
}
