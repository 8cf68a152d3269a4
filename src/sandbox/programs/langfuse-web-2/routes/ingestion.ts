import type { Answer } from '../../langfuse-web/answer.ts';
import { HttpError } from '../../langfuse-web/answer.ts';
import { jsonBody, type Call, type Route } from '../../langfuse-web/route.ts';
import { isRecord } from '../../langfuse/event-check.ts';
import { PrismaError } from '../../langfuse/prisma-error.ts';
import { logFailure } from '../failed.ts';
import { processBatch } from '../ingestion/batch.ts';
import { wrongType } from '../ingestion/issue.ts';
import { verifiedKey } from '../keys.ts';
import type { Web2 } from '../web.ts';

/** POST /api/public/ingestion (ingestion.ts at v2.95.12): the rows are there when the 207 comes. */
async function ingestion(web: Web2, call: Call): Promise<Answer> {
  try {
    return await batch(web, call);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    web.log.error('error_handling_ingestion_event');
    logFailure(web, error);
    if (error instanceof PrismaError) return { status: 500, json: { error: 'Internal Server Error' } };
    const errors = [error instanceof Error ? error.message : 'An unknown error occurred'];
    return { status: 500, json: { message: 'Invalid request data', errors } };
  }
}

async function batch(web: Web2, call: Call): Promise<Answer> {
  const check = await verifiedKey(web, call.request.headers.authorization);
  const { scope } = check.validKey ? check : { scope: undefined };
  if (!check.validKey || scope?.projectId == null)
    return { status: 401, json: { error: 'UnauthorizedError', message: check.validKey ? '' : check.error } };
  const body = await jsonBody(call);
  const events: unknown = isRecord(body) ? body['batch'] : undefined;
  if (!Array.isArray(events)) {
    const issue = isRecord(body) ? wrongType('array', ['batch'], events) : wrongType('object', [], body);
    return { status: 400, json: { message: 'Invalid request data', errors: [issue.message] } };
  }
  const result = await processBatch(web, { ...scope, projectId: scope.projectId }, events);
  return { status: 207, json: result };
}

export const ingestionRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/ingestion', methods: { POST: ingestion } },
];
