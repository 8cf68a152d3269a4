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
  | { readonly kind: 'in'; readonly column: string }
  | { readonly kind: 'list'; readonly column: string }
  | { readonly kind: 'boolean'; readonly column: string };

/** Conditions from the query parameters that a listing knows; the others are ignored. */
export function filterOf(
  projectId: string,
  query: URLSearchParams,
  narrowings: Readonly<Record<string, Narrowing>>,
  always: readonly string[] = ['is_deleted = 0'],
): Filter {
  const conditions = ['project_id = {projectId: String}', ...always];
  const parameters: Record<string, string | readonly string[]> = { projectId };
  for (const [name, narrowing] of Object.entries(narrowings)) {
    const values = query.getAll(name).flatMap((value) => valuesOf(narrowing, value));
    if (values.length === 0) continue;
    conditions.push(condition(name, narrowing));
    parameters[name] = takesMany(narrowing) ? values : (values[0] ?? '');
  }
  return { sql: conditions.join(' AND '), parameters };
}

/** A comma-separated list is several values; an empty one is none. */
function valuesOf({ kind }: Narrowing, text: string): string[] {
  const values = kind === 'list' ? text.split(',').map((value) => value.trim()) : [text];
  return values.filter((value) => value !== '');
}

const takesMany = ({ kind }: Narrowing): boolean => kind === 'has' || kind === 'in' || kind === 'list';

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
    case 'list':
      return `${column} IN {${name}: Array(String)}`;
    case 'boolean':
      return `(${column}) = ({${name}: String} = 'true')`;
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
