import { entityOf, shaped, type IngestionEvent } from './events.ts';
import { uuid } from './ids.ts';

/** An event that may go on, or why it may not. */
export type CheckedEvent =
  | { readonly ok: true; readonly event: IngestionEvent }
  | { readonly ok: false; readonly id: string; readonly error: string };

interface Problem {
  readonly expected?: string;
  readonly code: string;
  readonly path: readonly string[];
  readonly message: string;
}

/** Checks one event as Langfuse's schema does; the error is zod's text. */
export function checkEvent(value: unknown): CheckedEvent {
  const event = isRecord(value) ? value : {};
  const id = typeof event['id'] === 'string' ? event['id'] : 'unknown';
  const problems = isRecord(value) ? problemsOf(event) : [wrong('object', [], value)];
  if (problems.length > 0) return { ok: false, id, error: JSON.stringify(problems, null, 2) };
  const type = String(event['type']);
  const entity = entityOf(type) ?? 'sdk_log';
  const body = isRecord(event['body']) ? event['body'] : {};
  const bodyId = typeof body['id'] === 'string' && body['id'] !== '' ? body['id'] : uuid();
  return {
    ok: true,
    event: { id, timestamp: String(event['timestamp']), type, body: shaped(entity, body, bodyId) },
  };
}

function problemsOf(event: Readonly<Record<string, unknown>>): Problem[] {
  const { id, type, timestamp, body } = event;
  if (typeof type !== 'string' || entityOf(type) === undefined)
    return [{ code: 'invalid_union', path: ['type'], message: 'Invalid input' }];
  const problems: Problem[] = [];
  if (typeof id !== 'string') problems.push(wrong('string', ['id'], id));
  else if (id.length < 1 || id.length > 800 || id.includes('\r'))
    problems.push({
      code: 'custom',
      path: ['id'],
      message: 'ID must be between 1 and 800 characters without carriage return',
    });
  if (!isTime(timestamp))
    problems.push({ code: 'invalid_format', path: ['timestamp'], message: 'Invalid ISO datetime' });
  if (!isRecord(body)) return [...problems, wrong('object', ['body'], body)];
  return [...problems, ...bodyProblems(type, body)];
}

function bodyProblems(type: string, body: Readonly<Record<string, unknown>>): Problem[] {
  if (type !== 'score-create')
    return times(body, ['timestamp', 'startTime', 'endTime', 'completionStartTime']);
  const problems: Problem[] = [];
  const { name, value } = body;
  if (typeof name !== 'string') problems.push(wrong('string', ['body', 'name'], name));
  if (typeof value !== 'number' && typeof value !== 'string')
    problems.push(wrong('number', ['body', 'value'], value));
  if (['traceId', 'sessionId', 'datasetRunId'].every((field) => typeof body[field] !== 'string'))
    problems.push({
      code: 'custom',
      path: ['body'],
      message: 'Provide exactly one of the following: traceId, sessionId, datasetRunId',
    });
  return problems;
}

function times(body: Readonly<Record<string, unknown>>, names: readonly string[]): Problem[] {
  return names
    .filter((name) => body[name] !== undefined && body[name] !== null && !isTime(body[name]))
    .map((name) => ({ code: 'invalid_format', path: ['body', name], message: 'Invalid ISO datetime' }));
}

function wrong(expected: string, path: readonly string[], value: unknown): Problem {
  const received = value === null ? 'null' : typeof value;
  return {
    expected,
    code: 'invalid_type',
    path,
    message: `Invalid input: expected ${expected}, received ${received}`,
  };
}

/** ISO 8601 with an offset, or a Date's text. */
function isTime(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** A JSON object: no null, no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
