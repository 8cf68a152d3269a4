import { messageOf } from '../langfuse/log.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { HttpError, type Answer } from './answer.ts';
import type { Web } from './web.ts';

/** What Langfuse's route middleware makes of errors. */
export function failed(web: Web, error: unknown): Answer {
  if (error instanceof HttpError) return error.answer;
  web.log.error(messageOf(error), error);
  if (error instanceof PrismaError)
    return { status: 500, json: { message: 'Internal Server Error', error: 'An unknown error occurred' } };
  return { status: 500, json: { message: 'Internal Server Error', error: messageOf(error) } };
}
