import { cuid } from '../langfuse/ids.ts';
import { baggage, envelope } from '../langfuse/ingestion.ts';
import { optionsFor } from '../langfuse/queues.ts';
import type { Answer } from './answer.ts';
import type { ProjectScope } from './route.ts';
import type { Web } from './web.ts';

/** Notes each id in pending_deletions and audit_logs and queues one delayed job; unknown ids are taken too. */
export async function deleteTraces(
  web: Web,
  scope: ProjectScope,
  traceIds: readonly string[],
): Promise<Answer> {
  const { projectId } = scope;
  await audit(web, scope, traceIds);
  const rows = traceIds.map((id) => [cuid(), projectId, id]);
  for (const row of rows)
    await web.postgres.query(
      `INSERT INTO pending_deletions (id, project_id, object, object_id) VALUES ($1, $2, 'trace', $3)`,
      row,
    );
  const queue = await web.queues.get('trace-delete');
  const delayMs = web.settings.number('LANGFUSE_TRACE_DELETE_DELAY_MS', 5000);
  const options = optionsFor(
    'trace-delete',
    delayMs,
    baggage({ validKey: true, scope: { ...scope, projectId } }, 'DELETE /api/public/traces'),
  );
  await queue.add('trace-delete', envelope('trace-delete', { projectId, traceIds }), options);
  return { status: 200, json: { message: 'Traces deleted successfully' } };
}

async function audit(web: Web, scope: ProjectScope, traceIds: readonly string[]): Promise<void> {
  for (const id of traceIds)
    await web.postgres.query(
      `INSERT INTO audit_logs (id, project_id, org_id, api_key_id, resource_type, resource_id, action, type)
       VALUES ($1, $2, $3, $4, 'trace', $5, 'delete', 'API_KEY')`,
      [cuid(), scope.projectId, scope.orgId, scope.apiKeyId, id],
    );
}
