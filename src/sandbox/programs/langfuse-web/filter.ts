import type { ClickHouseParameters } from '../langfuse/clickhouse.ts';

/** A WHERE clause in the making, with its parameters. */
export interface Filter {
  readonly sql: string;
  readonly parameters: ClickHouseParameters;
}

/** How a query parameter narrows a ClickHouse table. */
export type Narrowing =
  | { readonly kind: 'equals'; readonly column: string }
  | { readonly kind: 'from' | 'to'; readonly column: string }
  | { readonly kind: 'has'; readonly column: string }
  | { readonly kind: 'in'; readonly column: string };

/** Conditions from the query parameters that a listing knows; the others are ignored. */
export function filterOf(
  projectId: string,
  query: URLSearchParams,
  narrowings: Readonly<Record<string, Narrowing>>,
): Filter {
  const conditions = ['project_id = {projectId: String}', 'is_deleted = 0'];
  const parameters: Record<string, string | readonly string[]> = { projectId };
  for (const [name, narrowing] of Object.entries(narrowings)) {
    const values = query.getAll(name).filter((value) => value !== '');
    if (values.length === 0) continue;
    conditions.push(condition(name, narrowing));
    const single = narrowing.kind === 'equals' || narrowing.kind === 'from' || narrowing.kind === 'to';
    parameters[name] = single ? (values[0] ?? '') : values;
  }
  return { sql: conditions.join(' AND '), parameters };
}

function condition(name: string, { kind, column }: Narrowing): string {
  switch (kind) {
    case 'equals':
      return `${column} = {${name}: String}`;
    case 'from':
      return `${column} >= parseDateTime64BestEffort({${name}: String}, 3)`;
    case 'to':
      return `${column} < parseDateTime64BestEffort({${name}: String}, 3)`;
    case 'has':
      return `hasAll(${column}, {${name}: Array(String)})`;
    case 'in':
      return `${column} IN {${name}: Array(String)}`;
  }
}

/** `field.asc|desc` for the fields that may be named; else the fallback. */
export function orderOf(
  query: URLSearchParams,
  columns: Readonly<Record<string, string>>,
  fallback: string,
): string {
  const [field = '', direction = ''] = (query.get('orderBy') ?? '').split('.');
  const column = columns[field];
  return column === undefined ? fallback : `${column} ${direction.toLowerCase() === 'asc' ? 'ASC' : 'DESC'}`;
}
