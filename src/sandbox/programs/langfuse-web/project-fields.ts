import { isRecord } from '../langfuse/event-check.ts';
import { isEntitled } from '../langfuse/plan.ts';
import { HttpError } from './answer.ts';

/** What may be set of a project; undefined is left as it is. */
export interface ProjectFields {
  readonly name: string;
  readonly retentionDays: number | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** A name of a project or an organisation: 3 to 60 characters, no markup. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 3 && value.length <= 60 && !/<[^>]*>/.test(value);
}

/** The body of POST and PUT (web/src/ee/features/admin-api/server/projects). @throws HttpError 400, 403 */
export function projectFields(body: unknown, plan: string): ProjectFields {
  const { name, retention, metadata } = isRecord(body) ? body : {};
  if (!isName(name)) throw bad('Invalid project name. Should be between 3 and 60 characters.');
  return { name, metadata: metadataOf(metadata), retentionDays: retentionOf(retention, plan) };
}

const bad = (message: string): HttpError => new HttpError(400, { message });

function metadataOf(given: unknown): ProjectFields['metadata'] {
  if (given === undefined) return undefined;
  const value = typeof given === 'object' ? given : parsed(given);
  if (!isRecord(value) || Array.isArray(value)) throw bad('Invalid metadata. Should be a valid JSON object.');
  return value;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch (error) {
    throw bad(`Invalid metadata. Should be a valid JSON object: ${String(error)}`);
  }
}

/** Days as the caller wrote them: a number in quotes counts too. */
function retentionOf(given: unknown, plan: string): number | undefined {
  if (given === undefined) return undefined;
  const days = Number(given);
  if (!Number.isInteger(days) || (days !== 0 && days < 3))
    throw bad('Invalid retention value. Must be 0 or at least 3 days.');
  if (days > 0 && !isEntitled(plan))
    throw new HttpError(403, {
      message: 'The data-retention entitlement is required to set a non-zero retention period.',
    });
  return days;
}
