import { HttpError, type Answer } from '../langfuse-web/answer.ts';
import { isRecord } from '../langfuse/event-check.ts';
import { uuid } from '../langfuse/ids.ts';
import { processBatch } from './ingestion/batch.ts';
import type { ProjectScope2 } from './scope.ts';
import type { Web2 } from './web.ts';

/** One object posted alone goes the way of a batch of one. @throws HttpError what the batch says of it */
export async function createOne(
  web: Web2,
  scope: ProjectScope2,
  type: 'trace-create' | 'score-create',
  given: unknown,
): Promise<Answer> {
  const id = isRecord(given) && typeof given['id'] === 'string' && given['id'] !== '' ? given['id'] : uuid();
  const body = isRecord(given) ? { ...given, id } : given;
  const event = { id: uuid(), type, timestamp: new Date().toISOString(), body };
  const { errors } = await processBatch(web, scope, [event]);
  const [error] = errors;
  if (error !== undefined) throw new HttpError(error.status, { message: error.error });
  return { status: 200, json: { id } };
}
