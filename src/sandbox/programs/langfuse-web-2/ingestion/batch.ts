import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../langfuse/log.ts';
import type { KeyScope } from '../../langfuse-web/auth.ts';
import type { Web2 } from '../web.ts';
import { checkEvent2, type Event2 } from './check-event.ts';
import { EventError, ForbiddenError } from './event-error.ts';
import { withoutNul } from './merge-json.ts';
import { writeObservation } from './observation.ts';
import { writeScore } from './score.ts';
import { writeTrace } from './trace.ts';

/** What became of each event; the body of the 207. */
export interface BatchResult {
  readonly successes: readonly { readonly id: string; readonly status: number }[];
  readonly errors: readonly EventFailure[];
}

interface EventFailure {
  readonly id: string;
  readonly status: number;
  readonly message?: string;
  readonly error: string;
}

/**
 * Writes a batch before it answers: there is no queue in 2.95 as it is installed (processEventBatch.ts at v2.95.12;
 * LANGFUSE_ASYNC_INGESTION_PROCESSING, off by default, is not part of this stand-in).
 */
export async function processBatch(
  web: Web2,
  scope: KeyScope & { readonly projectId: string },
  batch: readonly unknown[],
): Promise<BatchResult> {
  const errors: EventFailure[] = [];
  const events: Event2[] = [];
  for (const value of batch) {
    const checked = checkEvent2(value);
    if (!checked.ok) errors.push(failure(checked.id, new EventError(400, checked.error)));
    else if (scope.accessLevel === 'scores' && checked.event.type !== 'score-create')
      errors.push(failure(checked.event.id, new EventError(401, 'Access Scope Denied')));
    else if (checked.event.type === 'sdk-log') web.log.info('SDK Log Event');
    else events.push(checked.event);
  }
  const successes: { id: string; status: number }[] = [];
  for (const event of inOrder(events)) {
    const error = await stored(web, scope.projectId, event);
    if (error === undefined) successes.push({ id: event.id, status: 201 });
    else errors.push(failure(event.id, error));
  }
  if (errors.length > 0) web.log.error('Error processing events');
  return { successes, errors };
}

/** Creates before updates, each by time. */
function inOrder(events: readonly Event2[]): Event2[] {
  const isUpdate = ({ type }: Event2): number => (type.endsWith('-update') ? 1 : 0);
  return [...events].sort(
    (left, right) =>
      isUpdate(left) - isUpdate(right) || Date.parse(left.timestamp) - Date.parse(right.timestamp),
  );
}

const attempts = 3;

/** Three tries with a growing pause; undefined when it is stored. */
async function stored(web: Web2, projectId: string, event: Event2): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write(web, projectId, { ...event, body: cleaned(event.body) });
      return undefined;
    } catch (error) {
      if (error instanceof ForbiddenError || attempt === attempts) {
        web.log.error(`Error handling event: ${messageOf(error)}`, error);
        return error;
      }
      web.log.info(`retrying processing events ${attempt}`);
      await sleep((100 * 2 ** (attempt - 1)) / web.host.timeScale);
    }
  }
}

function cleaned(body: Event2['body']): Event2['body'] {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, withoutNul(value)]));
}

async function write(web: Web2, projectId: string, event: Event2): Promise<void> {
  if (event.type === 'trace-create') await writeTrace(web, projectId, event);
  else if (event.type === 'score-create') await writeScore(web, projectId, event);
  else await writeObservation(web, projectId, event);
}

const titles = {
  400: 'Invalid request data',
  401: 'Authentication error',
  404: 'Resource not found',
} as const;

function failure(id: string, error: unknown): EventFailure {
  if (!(error instanceof EventError)) return { id, status: 500, error: 'Internal Server Error' };
  return { id, status: error.status, message: titles[error.status], error: error.message };
}
