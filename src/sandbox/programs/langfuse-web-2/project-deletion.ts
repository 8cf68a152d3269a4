import { auditLog } from '../langfuse-web/audit.ts';
import { invalidateProject, projectObject, type ProjectRow } from '../langfuse-web/project-store.ts';
import { actorOf, type Member } from '../langfuse-web/member.ts';
import type { Web2 } from './web.ts';

/**
 * The row, and all that hangs on it, while the page waits. The cache is asked to forget the keys after that: by then
 * no row tells which they were, so a cached key goes on working
 * (web/src/features/projects/server/projectsRouter.ts at v2.95.12).
 */
export async function deleteProject2(web: Web2, member: Member, projectId: string): Promise<void> {
  const [row] = await web.postgres.query<ProjectRow>('SELECT * FROM projects WHERE id = $1', [projectId]);
  await auditLog(web.postgres, {
    by: actorOf(member),
    orgId: member.orgId,
    projectId,
    resourceType: 'project',
    resourceId: projectId,
    action: 'delete',
    before: row && projectObject(row),
  });
  await web.postgres.query('DELETE FROM projects WHERE id = $1 AND org_id = $2', [projectId, member.orgId]);
  await invalidateProject(web, projectId);
}
