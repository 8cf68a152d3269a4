import type { IncomingMessage } from 'node:http';
import { sessionEmail } from '../langfuse-web/session.ts';
import type { Web2 } from './web.ts';

/** Whether the request carries the session of someone who may see the project: a member, or an admin of the instance. */
export async function maySee(web: Web2, request: IncomingMessage, projectId: string): Promise<boolean> {
  const email = sessionEmail(web.settings, request, new Date());
  if (email === undefined) return false;
  const rows = await web.postgres.query(
    `SELECT u.id FROM users u JOIN projects p ON p.id = $2
     LEFT JOIN organization_memberships m ON m.user_id = u.id AND m.org_id = p.org_id
     LEFT JOIN project_memberships r ON r.user_id = u.id AND r.project_id = p.id
     WHERE u.email = lower($1) AND (u.admin OR coalesce(r.role, m.role) <> 'NONE')`,
    [email, projectId],
  );
  return rows.length > 0;
}
