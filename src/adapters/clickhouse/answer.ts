import { NotRows, serverError } from './failure.ts';

interface Document {
  readonly data?: unknown;
  /** Set by newer servers when the query failed after its first rows. */
  readonly exception?: unknown;
}

/** Rows of an answer in FORMAT JSON. @throws NotRows, or ClickHouse's own error when it failed on the way */
export function rowsIn<Row>(text: string): Row[] {
  const document = parsed(text);
  if (document === null || typeof document.exception === 'string' || !Array.isArray(document.data))
    throw serverError(text) ?? new NotRows(text);
  return document.data as Row[];
}

function parsed(text: string): Document | null {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' ? document : null;
  } catch {
    return null;
  }
}
