import { bareError, HttpError, type Answer } from '../langfuse-web/answer.ts';
import { messageOf } from '../langfuse/log.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { prisma5Text } from './prisma-words.ts';
import type { Web2 } from './web.ts';

/** What the route middleware makes of errors (withMiddlewares.ts at v2.95.12); an unreachable database is 500, not 503. */
export function failed(web: Web2, error: unknown): Answer {
  if (error instanceof HttpError) {
    if (error.answer.status !== 401) web.log.error(textOf(error.answer));
    return error.answer;
  }
  logFailure(web, error);
  if (error instanceof PrismaError)
    return { status: 500, json: { message: 'Internal Server Error', error: 'An unknown error occurred' } };
  return { status: 500, json: { message: 'Internal Server Error', error: messageOf(error) } };
}

/** Next's own answer where a route let its error through. */
export function uncaught(web: Web2, error: unknown): Answer {
  logFailure(web, error);
  return bareError;
}

/** The error as the log has it: Prisma's in the words of its major version. */
export function logFailure(web: Web2, error: unknown): void {
  const text = error instanceof PrismaError ? prisma5Text(error, web.settings) : messageOf(error);
  web.log.error(text, error instanceof PrismaError ? undefined : error);
}

function textOf(answer: Answer): string {
  if (!('json' in answer)) return `${answer.status}`;
  const { json } = answer;
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : json;
  return typeof message === 'string' ? message : JSON.stringify(json);
}
