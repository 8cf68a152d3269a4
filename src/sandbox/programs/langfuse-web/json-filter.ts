import { isRecord } from '../langfuse/event-check.ts';
import { HttpError } from './answer.ts';
import type { Filter } from './filter.ts';

/** One condition of a JSON filter (packages/shared/src/interfaces/filters.ts). */
interface Condition {
  readonly column: string;
  readonly type: string;
  readonly operator: string;
  readonly value: unknown;
}

type Parameter = string | number | readonly string[];

const compared: Readonly<Record<string, string>> = { '=': '=', '>': '>', '<': '<', '>=': '>=', '<=': '<=' };

/** Comparisons of texts; `at` is the parameter. */
const ofText: Readonly<Record<string, (sql: string, at: string) => string>> = {
  '=': (sql, at) => `${sql} = ${at}`,
  contains: (sql, at) => `position(${sql}, ${at}) > 0`,
  'does not contain': (sql, at) => `position(${sql}, ${at}) = 0`,
  'starts with': (sql, at) => `startsWith(${sql}, ${at})`,
  'ends with': (sql, at) => `endsWith(${sql}, ${at})`,
};

const ofList: Readonly<Record<string, (sql: string, at: string) => string>> = {
  'any of': (sql, at) => `hasAny(${sql}, ${at})`,
  'all of': (sql, at) => `hasAll(${sql}, ${at})`,
  'none of': (sql, at) => `NOT hasAny(${sql}, ${at})`,
};

/** Conditions of a request's JSON text; none when it is not given. @throws HttpError 400 */
export function jsonConditions(text: string | null): readonly unknown[] {
  if (text === null || text === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, { message: 'Invalid JSON in filter parameter', error: 'InvalidRequestError' });
  }
  if (!Array.isArray(value)) throw invalid('Invalid input: expected array');
  return value as readonly unknown[];
}

/**
 * Conditions as SQL over the columns that may be named.
 *
 * @throws HttpError 400 for a column that is none of these, and for a kind of condition that the sandbox has not
 */
export function jsonFilter(
  conditions: readonly unknown[],
  columns: Readonly<Record<string, string>>,
): Filter {
  const parts = conditions.map((value, index) => {
    const condition = conditionOf(value);
    const sql = columns[condition.column];
    if (sql === undefined)
      throw new HttpError(400, {
        message: `Column ${condition.column} does not match a UI / CH table mapping.`,
        error: 'InvalidRequestError',
      });
    return part(condition, `(${sql})`, `condition${index}`);
  });
  const parameters = Object.fromEntries(
    parts.flatMap(({ name, value }) => (name === '' ? [] : [[name, value]])),
  );
  return { sql: parts.map(({ sql }) => sql).join(' AND ') || '1', parameters };
}

function conditionOf(value: unknown): Condition {
  const { column, type, operator, value: wanted } = isRecord(value) ? value : {};
  if (typeof column !== 'string' || typeof type !== 'string' || typeof operator !== 'string')
    throw invalid('Invalid input');
  return { column, type, operator, value: wanted };
}

interface Part {
  readonly sql: string;
  /** Empty where the condition has no value. */
  readonly name: string;
  readonly value: Parameter;
}

function part({ type, operator, value }: Condition, sql: string, name: string): Part {
  switch (type) {
    case 'datetime':
      return {
        sql: `${sql} ${sign(operator)} parseDateTime64BestEffort({${name}: String}, 3)`,
        name,
        value: text(value),
      };
    case 'number':
      return { sql: `${sql} ${sign(operator)} {${name}: Float64}`, name, value: Number(value) };
    case 'string':
      return {
        sql: known(ofText, operator)(`ifNull(${sql}, '')`, `{${name}: String}`),
        name,
        value: text(value),
      };
    case 'stringOptions': {
      const not = operator === 'none of' ? 'NOT ' : '';
      return { sql: `${not}ifNull(${sql}, '') IN {${name}: Array(String)}`, name, value: texts(value) };
    }
    case 'arrayOptions':
      return { sql: known(ofList, operator)(sql, `{${name}: Array(String)}`), name, value: texts(value) };
    case 'boolean':
      return {
        sql: `${sql} ${operator === '<>' ? '!=' : '='} ${value === true ? 'true' : 'false'}`,
        name: '',
        value: '',
      };
    case 'null':
      return { sql: `${operator === 'is null' ? '' : 'NOT '}isNull(${sql})`, name: '', value: '' };
    default:
      throw invalid(`The sandbox has no conditions of type ${type}`);
  }
}

function sign(operator: string): string {
  return known(compared, operator);
}

function known<Value>(table: Readonly<Record<string, Value>>, operator: string): Value {
  const found = table[operator];
  if (found === undefined) throw invalid('Invalid option');
  return found;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw invalid('Invalid input: expected string');
  return value;
}

function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid('Invalid input: expected array');
  return value.map(text);
}

function invalid(message: string): HttpError {
  return new HttpError(400, {
    message: 'Invalid request data',
    error: [{ code: 'custom', path: ['filter'], message }],
  });
}
