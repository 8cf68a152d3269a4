import { messageOf } from '../langfuse/log.ts';
import { bareError, HttpError, type Answer } from './answer.ts';
import type { RefusalField } from './organization-scope.ts';
import type { Call } from './route.ts';
import type { Web } from './web.ts';

/** A route's work, whose failures it names itself: a line in the log and a plain 500. @throws HttpError */
export async function named(
  { log }: Web,
  what: string,
  field: RefusalField,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HttpError) throw error;
    log.error(`${what} ${messageOf(error)}`, error);
    return { status: 500, json: { [field]: 'Internal server error' } };
  }
}

/** A route that nothing awaits: what it lets through is Next's own answer. */
export function uncaught(handler: (web: Web, call: Call) => Promise<Answer>): typeof handler {
  return async (web, call) => {
    try {
      return await handler(web, call);
    } catch (error) {
      if (error instanceof HttpError) throw error;
      web.log.error(messageOf(error), error);
      return bareError;
    }
  };
}
