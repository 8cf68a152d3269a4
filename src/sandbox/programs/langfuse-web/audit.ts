import { cuid } from '../langfuse/ids.ts';
import { insertRow } from '../langfuse/insert.ts';
import type { Postgres } from '../langfuse/postgres.ts';
import type { ProjectScope } from './auth.ts';
import type { Web } from './web.ts';

/** Who did something: a key, by its id or as ORG_KEY and ADMIN_KEY, or a user with the roles of that moment. */
export type Actor =
  | { readonly apiKeyId: string }
  | { readonly userId: string; readonly orgRole: string; readonly projectRole?: string | undefined };

/** One row of audit_logs. */
export interface AuditEntry {
  readonly by: Actor;
  readonly orgId: string;
  readonly projectId?: string | undefined;
  readonly resourceType: 'apiKey' | 'project' | 'organization' | 'orgMembership';
  readonly resourceId: string;
  readonly action: 'create' | 'update' | 'delete';
  /** What it was before and is after, as the app's objects. */
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

/** Writes one row of audit_logs, on every edition (web/src/features/audit-logs/auditLog.ts). */
export async function auditLog(postgres: Postgres, entry: AuditEntry): Promise<void> {
  const { by, before, after } = entry;
  const who =
    'apiKeyId' in by
      ? { api_key_id: by.apiKeyId, type: 'API_KEY' }
      : { user_id: by.userId, user_org_role: by.orgRole, user_project_role: by.projectRole };
  await insertRow(postgres, 'audit_logs', {
    ...who,
    org_id: entry.orgId,
    project_id: entry.projectId,
    resource_type: entry.resourceType,
    resource_id: entry.resourceId,
    action: entry.action,
    before: before && JSON.stringify(before),
    after: after && JSON.stringify(after),
  });
}

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
