import { isRecord } from '../../langfuse/event-check.ts';
import { badTime, isTime, notAmong, wrongType, type Issue3 } from './issue.ts';

type Path = Issue3['path'];

/** Checks one value that is there; says what is wrong with it. */
export type FieldCheck = (value: unknown, path: Path) => Issue3[];

/** Fields of a body by name: what is not named is dropped. Null and nothing are fine unless a field is required. */
export interface BodySchema {
  readonly required: readonly string[];
  readonly fields: Readonly<Record<string, FieldCheck>>;
}

/** A body with the schema's fields only, and all that is wrong with it. */
export interface CheckedBody {
  readonly body: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue3[];
}

const typed =
  (expected: 'string' | 'number' | 'boolean'): FieldCheck =>
  (value, path) =>
    typeof value === expected ? [] : [wrongType(expected, path, value)];

export const text = typed('string');
export const flag = typed('boolean');
export const number = typed('number');
export const json: FieldCheck = () => [];

export const whole: FieldCheck = (value, path) => {
  if (typeof value !== 'number') return [wrongType('number', path, value)];
  return Number.isInteger(value)
    ? []
    : [
        {
          code: 'invalid_type',
          expected: 'integer',
          received: 'float',
          message: 'Expected integer, received float',
          path,
        },
      ];
};

export const filled: FieldCheck = (value, path) => {
  if (typeof value !== 'string') return [wrongType('string', path, value)];
  const message = 'String must contain at least 1 character(s)';
  return value === '' ? [{ code: 'too_small', path, message }] : [];
};

export const time: FieldCheck = (value, path) => {
  if (typeof value !== 'string') return [wrongType('string', path, value)];
  return isTime(value) ? [] : [badTime(path)];
};

export const texts: FieldCheck = (value, path) =>
  Array.isArray(value)
    ? value.flatMap((item: unknown, index) => text(item, [...path, index]))
    : [wrongType('array', path, value)];

export const among =
  (...options: readonly string[]): FieldCheck =>
  (value, path) =>
    typeof value === 'string' && options.includes(value) ? [] : [notAmong(options, path, value)];

export const record: FieldCheck = (value, path) =>
  isRecord(value) ? [] : [wrongType('object', path, value)];

/** Checks a body against its schema. */
export function checkBody(schema: BodySchema, value: unknown, path: Path): CheckedBody {
  if (!isRecord(value)) return { body: {}, issues: [wrongType('object', path, value)] };
  const issues: Issue3[] = [];
  const body: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(schema.fields)) {
    const given = value[name];
    const absent = given === undefined || given === null;
    if (!absent || schema.required.includes(name)) issues.push(...check(given, [...path, name]));
    if (given !== undefined) body[name] = given;
  }
  return { body, issues };
}
