import { cuid } from '../langfuse/ids.ts';
import type { ProjectScope } from './auth.ts';
import type { Web } from './web.ts';

/** One row of audit_logs for each thing that a key asked to delete. */
export async function auditDeletion(
  { postgres }: Web,
  scope: ProjectScope,
  what: 'trace' | 'score',
  ids: readonly string[],
): Promise<void> {
  await postgres.query(
    `INSERT INTO audit_logs (id, project_id, org_id, api_key_id, resource_type, resource_id, action, type)
     SELECT id, $1, $2, $3, $4, resource_id, 'delete', 'API_KEY'
     FROM unnest($5::text[], $6::text[]) AS asked (id, resource_id)`,
    [scope.projectId, scope.orgId, scope.apiKeyId, what, ids.map(() => cuid()), ids],
  );
}
