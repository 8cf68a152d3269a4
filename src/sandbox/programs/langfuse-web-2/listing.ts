import { HttpError } from '../langfuse-web/answer.ts';
import { metaOf, pageSql, type Page } from '../langfuse-web/page.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import { badTime, isTime, type Issue3 } from './ingestion/issue.ts';
import type { Web2 } from './web.ts';

/** How a query parameter narrows a listing in Postgres. */
export interface Narrowing2 {
  readonly kind: 'equals' | 'from' | 'to' | 'has' | 'in';
  readonly column: string;
}

/** A listing of one table or view in Postgres. */
export interface Listing {
  /** Columns with the names of the API. */
  readonly select: string;
  readonly from: string;
  /** Column of the project. */
  readonly project: string;
  readonly narrowings: Readonly<Record<string, Narrowing2>>;
  readonly order: string;
}

/** One page of rows with its `meta`. @throws HttpError 400 */
export async function listed<Row extends SqlRow>(
  { postgres }: Web2,
  { select, from, project, narrowings, order }: Listing,
  projectId: string,
  query: URLSearchParams,
): Promise<{ readonly data: readonly Row[]; readonly meta: object }> {
  const page = pageOf2(query);
  const conditions = [`${project} = $1`];
  const values: unknown[] = [projectId];
  for (const [name, narrowing] of Object.entries(narrowings)) {
    const given = query.getAll(name).filter((value) => value !== '');
    if (given.length === 0) continue;
    values.push(valueOf(name, narrowing, given));
    conditions.push(condition(narrowing, `$${values.length}`));
  }
  const where = conditions.join(' AND ');
  const sql = `SELECT ${select} FROM ${from} WHERE ${where} ORDER BY ${order} ${pageSql(page)}`;
  const data = await postgres.query<Row>(sql, values);
  const [count] = await postgres.query<{ n: string }>(
    `SELECT count(*) AS n FROM ${from} WHERE ${where}`,
    values,
  );
  return { data, meta: metaOf(page, Number(count?.n ?? 0)) };
}

function condition({ kind, column }: Narrowing2, place: string): string {
  switch (kind) {
    case 'equals':
      return `${column}::text = ${place}`;
    case 'from':
      return `${column} >= ${place}::timestamptz AT TIME ZONE 'UTC'`;
    case 'to':
      return `${column} < ${place}::timestamptz AT TIME ZONE 'UTC'`;
    case 'has':
      return `${column} @> ${place}::text[]`;
    case 'in':
      return `${column} = ANY(${place}::text[])`;
  }
}

/** Lists may repeat the parameter or stand in one, with commas. */
function valueOf(name: string, { kind }: Narrowing2, given: readonly string[]): unknown {
  const [first = ''] = given;
  switch (kind) {
    case 'equals':
      return first;
    case 'from':
    case 'to':
      if (!isTime(first)) throw invalid([badTime([name])]);
      return first;
    case 'has':
    case 'in':
      return given.length > 1 ? given : first.split(',');
  }
}

/** `page` and `limit` as 2.95 reads them: nothing keeps a page below 1 off but Postgres. @throws HttpError 400 */
export function pageOf2(query: URLSearchParams): Page {
  const [page, limit] = [numberOf(query, 'page', 1), numberOf(query, 'limit', 50)];
  if (limit > 100)
    throw invalid([
      { code: 'too_big', path: ['limit'], message: 'Number must be less than or equal to 100' },
    ]);
  return { page, limit };
}

function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  const value = text === null || text === '' ? fallback : Number(text);
  if (!Number.isNaN(value)) return value;
  const message = 'Expected number, received nan';
  throw invalid([{ code: 'invalid_type', expected: 'number', received: 'nan', path: [name], message }]);
}

/** The answer to what the schema of a route refuses. */
export function invalid(issues: readonly Issue3[]): HttpError {
  return new HttpError(400, { message: 'Invalid request data', error: issues });
}

/** The answer to what is not there, or belongs to another project. */
export function absent(message: string): HttpError {
  return new HttpError(404, { message, error: 'LangfuseNotFoundError' });
}
