import { checkEvent, isRecord } from '../../langfuse/event-check.ts';
import type { IngestionEvent } from '../../langfuse/events.ts';
import { acceptEvents, type JobAuth } from '../../langfuse/ingestion.ts';
import { messageOf } from '../../langfuse/log.ts';
import { bareError, HttpError, type Answer } from '../answer.ts';
import { checkKey, type KeyScope } from '../auth.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

interface EventError {
  readonly id: string;
  readonly status: number;
  readonly message: string;
  readonly error: string;
}

/** POST /api/public/ingestion: 207 once the request is accepted, with a result per event. */
async function ingestion(web: Web, call: Call): Promise<Answer> {
  const check = await checkKey(web, call.request.headers.authorization);
  if (!check.validKey) return unauthorized(check.error);
  const { projectId } = check.scope;
  if (projectId === null)
    return unauthorized('Missing projectId in scope. Are you using an organization key?');
  const body = await jsonBody(call);
  if (!isRecord(body) || !Array.isArray(body['batch']))
    throw new HttpError(400, {
      message: 'Invalid request data',
      errors: ['Invalid input: expected array, received undefined'],
    });
  const { events, errors } = sorted(body['batch'], check.scope);
  try {
    await acceptEvents(web, events, authOf(check.scope, projectId), 'api');
  } catch (error) {
    web.log.error(messageOf(error), error);
    return bareError;
  }
  const successes = events.map(({ id }) => ({ id, status: 201 }));
  return { status: 207, json: { successes, errors } };
}

function unauthorized(message: string): Answer {
  return { status: 401, json: { error: 'UnauthorizedError', message } };
}

/** What goes on, and the answer for what does not. */
function sorted(
  batch: readonly unknown[],
  scope: KeyScope,
): { readonly events: IngestionEvent[]; readonly errors: EventError[] } {
  const events: IngestionEvent[] = [];
  const errors: EventError[] = [];
  for (const value of batch) {
    const checked = checkEvent(value);
    if (!checked.ok)
      errors.push({ id: checked.id, status: 400, message: 'Invalid request data', error: checked.error });
    else if (scope.accessLevel === 'scores' && checked.event.type !== 'score-create')
      errors.push({
        id: checked.event.id,
        status: 401,
        message: 'Authentication error',
        error: 'Access Scope Denied',
      });
    else events.push(checked.event);
  }
  return { events, errors };
}

/** The scope as jobs carry it. */
export function authOf(scope: KeyScope, projectId: string): JobAuth {
  return { validKey: true, scope: { ...scope, projectId } };
}

export const ingestionRoutes: readonly Route[] = [
  { path: '/api/public/ingestion', methods: { POST: ingestion } },
];
