import { isLeftAlone } from '../langfuse/deletion-guard.ts';
import { cuid, uuid } from '../langfuse/ids.ts';
import { baggage } from '../langfuse/ingestion.ts';
import { optionsFor } from '../langfuse/queues.ts';
import type { Answer } from './answer.ts';
import { auditDeletion } from './audit.ts';
import { authOf, type ProjectScope } from './auth.ts';
import type { Web } from './web.ts';

/** Notes each id in audit_logs and pending_deletions and queues one delayed job; unknown ids are taken too. */
export async function deleteTraces(
  web: Web,
  scope: ProjectScope,
  traceIds: readonly string[],
  route: string,
): Promise<Answer> {
  const { projectId } = scope;
  await auditDeletion(web, scope, 'trace', traceIds);
  web.log.info(`Processing trace deletion for ${traceIds.length} traces in project ${projectId}`);
  if (!isLeftAlone(web, projectId, 'trace')) await queueDeletion(web, scope, traceIds, route);
  return { status: 200, json: { message: 'Traces deleted successfully' } };
}

async function queueDeletion(
  web: Web,
  scope: ProjectScope,
  traceIds: readonly string[],
  route: string,
): Promise<void> {
  const { projectId } = scope;
  await web.postgres.query(
    `INSERT INTO pending_deletions (id, project_id, object, object_id)
     SELECT id, $1, 'trace', object_id FROM unnest($2::text[], $3::text[]) AS wanted (id, object_id)`,
    [projectId, traceIds.map(() => cuid()), traceIds],
  );
  const queue = await web.queues.get('trace-delete');
  const delayMs = web.settings.number('LANGFUSE_TRACE_DELETE_DELAY_MS', 5000);
  const payload = { projectId, traceIds };
  await queue.add(
    'trace-delete',
    { timestamp: new Date().toISOString(), id: uuid(), name: 'trace-delete', payload },
    optionsFor('trace-delete', delayMs, baggage(authOf(scope), route)),
  );
}
