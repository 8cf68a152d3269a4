import { isRecord } from '../../langfuse/event-check.ts';
import { checkBody, number, text } from './fields.ts';
import { badTime, isTime, noMember, wrongType, type Issue3 } from './issue.ts';
import { bodySchemas, usageSchema } from './schemas.ts';

/** An event of the batch, its body with the schema's fields only. */
export interface Event2 {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An event that may go on, or why it may not. */
export type CheckedEvent2 =
  | { readonly ok: true; readonly event: Event2 }
  | { readonly ok: false; readonly id: string; readonly error: string };

/** Checks one event of a batch; the error is zod 3's text. */
export function checkEvent2(value: unknown): CheckedEvent2 {
  if (!isRecord(value)) return refused('unknown', [wrongType('object', [], value)]);
  const { id, type, timestamp } = value;
  const known = typeof id === 'string' ? id : 'unknown';
  const schema = typeof type === 'string' ? bodySchemas[type] : undefined;
  if (schema === undefined || typeof type !== 'string')
    return refused(known, [noMember(Object.keys(bodySchemas), ['type'])]);
  const { body, issues } = checkBody(schema, value['body'], ['body']);
  const all = [...text(id, ['id']), ...timeIssues(timestamp), ...issues, ...moreIssues(type, body)];
  if (all.length > 0) return refused(known, all);
  return { ok: true, event: { id: known, type, timestamp: String(timestamp), body } };
}

function refused(id: string, issues: readonly Issue3[]): CheckedEvent2 {
  return { ok: false, id, error: JSON.stringify(issues, null, 2) };
}

function timeIssues(value: unknown): Issue3[] {
  if (typeof value !== 'string') return [wrongType('string', ['timestamp'], value)];
  return isTime(value) ? [] : [badTime(['timestamp'])];
}

function moreIssues(type: string, body: Event2['body']): readonly Issue3[] {
  if (type === 'score-create') return scoreIssues(body);
  if (!type.startsWith('generation-')) return usageIssues(body['usage']);
  const half = Boolean(body['promptName']) !== Boolean(body['promptVersion']);
  const prompt: Issue3[] = half ? [{ code: 'custom', message: 'Invalid input', path: ['body'] }] : [];
  return [...usageIssues(body['usage']), ...prompt];
}

function usageIssues(usage: unknown): readonly Issue3[] {
  return isRecord(usage) ? checkBody(usageSchema, usage, ['body', 'usage']).issues : [];
}

/** A score's value must be of the type it names. */
function scoreIssues({ dataType, value }: Event2['body']): Issue3[] {
  const path = ['body', 'value'];
  switch (dataType) {
    case 'NUMERIC':
      return number(value, path);
    case 'CATEGORICAL':
      return text(value, path);
    case 'BOOLEAN': {
      const message = 'Value must be a number equal to either 0 or 1 for data type BOOLEAN';
      const wrong = number(value, path);
      return wrong.length > 0 || value === 0 || value === 1 ? wrong : [{ code: 'custom', message, path }];
    }
    case undefined:
      return typeof value === 'number' || typeof value === 'string'
        ? []
        : [{ code: 'invalid_union', path, message: 'Invalid input' }];
    default:
      return [noMember(['NUMERIC', 'CATEGORICAL', 'BOOLEAN', 'undefined'], ['body', 'dataType'])];
  }
}
