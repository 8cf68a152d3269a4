import { checkEvent, isRecord } from '../../langfuse/event-check.ts';
import type { IngestionEvent } from '../../langfuse/events.ts';
import { acceptEvents, inOrder } from '../../langfuse/ingestion.ts';
import { messageOf } from '../../langfuse/log.ts';
import { PrismaError } from '../../langfuse/prisma-error.ts';
import { bareError, HttpError, type Answer } from '../answer.ts';
import { originOf } from '../attribution.ts';
import { authOf, checkKey, type ProjectScope } from '../auth.ts';
import { refusedEvents, type EventError } from '../events-only.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

const route = 'POST /api/public/ingestion';

/** POST /api/public/ingestion: 207 once the request is accepted, with a result per event. */
async function ingestion(web: Web, call: Call): Promise<Answer> {
  const scope = await scopeOf(web, call);
  const body = await jsonBody(call);
  if (!isRecord(body) || !Array.isArray(body['batch']))
    throw new HttpError(400, {
      message: 'Invalid request data',
      errors: ['Invalid input: expected array, received undefined'],
    });
  const { taken, refused } = refusedEvents(web, scope.projectId, body['batch']);
  const { events, errors } = checked(web, taken, scope);
  try {
    await acceptEvents(web, events, authOf(scope), 'api', originOf(web, call, scope, route));
  } catch (error) {
    web.log.error(messageOf(error), error);
    return bareError;
  }
  const successes = inOrder(events).map(({ id }) => ({ id, status: 201 }));
  return { status: 207, json: { successes, errors: [...errors, ...refused] } };
}

/** @throws HttpError in the shapes of this one endpoint */
async function scopeOf(web: Web, call: Call): Promise<ProjectScope> {
  const refuse = (message: string): HttpError => new HttpError(401, { error: 'UnauthorizedError', message });
  const check = await checkKey(web, call.request.headers.authorization).catch((error: unknown) => {
    throw error instanceof PrismaError ? new HttpError(500, { error: 'Internal Server Error' }) : error;
  });
  if (!check.validKey) throw refuse(check.error);
  const { scope } = check;
  if (scope.projectId === null)
    throw refuse('Missing projectId in scope. Are you using an organization key?');
  return { ...scope, projectId: scope.projectId };
}

/** What goes on, and the answer for what does not; log events of SDKs go into the log and no further. */
function checked(
  { log }: Web,
  batch: readonly unknown[],
  scope: ProjectScope,
): { readonly events: readonly IngestionEvent[]; readonly errors: readonly EventError[] } {
  const events: IngestionEvent[] = [];
  const errors: EventError[] = [];
  for (const value of batch) {
    const one = checkEvent(value);
    if (!one.ok) errors.push({ id: one.id, status: 400, message: 'Invalid request data', error: one.error });
    else if (one.event.type === 'sdk-log') log.info('SDK Log Event');
    else if (scope.accessLevel === 'scores' && one.event.type !== 'score-create')
      errors.push({
        id: one.event.id,
        status: 401,
        message: 'Authentication error',
        error: 'Access Scope Denied',
      });
    else events.push(one.event);
  }
  if (errors.length > 0) log.warn('Error processing events');
  return { events, errors };
}

export const ingestionRoutes: readonly Route[] = [
  { path: '/api/public/ingestion', methods: { POST: ingestion } },
];
