import { HttpError } from './answer.ts';

/** One page of a listing. */
export interface Page {
  readonly page: number;
  readonly limit: number;
}

/** `page` from 1 and `limit` up to 100 of the query. @throws HttpError 400 */
export function pageOf(query: URLSearchParams): Page {
  return { page: wholeOf(query, 'page', 1, [1]), limit: wholeOf(query, 'limit', 50, [1, 100]) };
}

/** A whole number of the query within its bounds. @throws HttpError 400 */
export function wholeOf(
  query: URLSearchParams,
  name: string,
  fallback: number,
  [least, most = Number.MAX_SAFE_INTEGER]: readonly [number, number?],
): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  const issue = (code: string, message: string): HttpError =>
    new HttpError(400, { message: 'Invalid request data', error: [{ code, path: [name], message }] });
  if (!Number.isInteger(value)) throw issue('invalid_type', 'Invalid input: expected number, received NaN');
  if (value < least)
    throw issue('too_small', `Too small: expected number to be ${least === 0 ? '>=0' : '>0'}`);
  if (value > most) throw issue('too_big', `Too big: expected number to be <=${most}`);
  return value;
}

/** The `meta` of a listing. */
export function metaOf({ page, limit }: Page, totalItems: number): object {
  return { page, limit, totalItems, totalPages: Math.ceil(totalItems / limit) };
}

/** SQL of the page, for ClickHouse and Postgres. */
export function pageSql({ page, limit }: Page): string {
  return `LIMIT ${limit} OFFSET ${(page - 1) * limit}`;
}
