import { isEntitled } from '../langfuse/plan.ts';
import { HttpError } from './answer.ts';
import { checkKey, type KeyScope } from './auth.ts';
import type { Call } from './route.ts';
import type { Web } from './web.ts';

/** The field that a route's refusals stand in: the older routes say `message`, those of organisations `error`. */
export type RefusalField = 'message' | 'error';

/**
 * Routes of a whole organisation: its own key, and the licence (web/src/pages/api/public/organizations).
 *
 * @throws HttpError 401 for a bad key; 403 for a project's key, and without the licence
 */
export async function organizationScope(web: Web, call: Call, field: RefusalField): Promise<KeyScope> {
  const check = await checkKey(web, call.request.headers.authorization);
  if (!check.validKey) throw new HttpError(401, { [field]: check.error });
  const { scope } = check;
  if (scope.accessLevel !== 'organization')
    throw new HttpError(403, {
      [field]: 'Invalid API key. Organization-scoped API key required for this operation.',
    });
  if (!isEntitled(scope.plan)) throw new HttpError(403, notInPlan);
  return scope;
}

/** Said without the licence, on every route. */
export const notInPlan = { error: 'This feature is not available on your current plan.' };

/**
 * The project that the path names, when it is the organisation's.
 *
 * @param living a project whose deletion is under way does not count
 * @throws HttpError 404
 */
export async function ownProject(
  web: Web,
  { orgId }: KeyScope,
  projectId: string,
  living: boolean,
): Promise<void> {
  const only = living ? 'AND deleted_at IS NULL' : '';
  const rows = await web.postgres.query(`SELECT id FROM projects WHERE id = $1 AND org_id = $2 ${only}`, [
    projectId,
    orgId,
  ]);
  if (rows.length === 0)
    throw new HttpError(404, { message: "Project not found or you don't have access to it" });
}
