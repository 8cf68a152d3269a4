import { HttpError } from '../langfuse-web/answer.ts';
import type { KeyScope } from '../langfuse-web/auth.ts';
import type { Call } from '../langfuse-web/route.ts';
import { verifiedKey } from './keys.ts';
import type { Web2 } from './web.ts';

/** What a route may do: read and write one project. */
export type ProjectScope2 = KeyScope & { readonly projectId: string };

/**
 * Who calls an authed route: one line in the log per request (createAuthedAPIRoute.ts at v2.95.12).
 *
 * @param route its name as the log gives it, for example "Get Traces"
 * @throws HttpError 401 for a bad key, and for a public key alone
 */
export async function projectScope2(web: Web2, call: Call, route: string): Promise<ProjectScope2> {
  const check = await verifiedKey(web, call.request.headers.authorization);
  if (!check.validKey) throw new HttpError(401, { message: check.error });
  const { projectId, accessLevel } = check.scope;
  if (projectId === null || accessLevel !== 'project')
    throw new HttpError(401, { message: 'Access denied - need to use basic auth with secret key' });
  web.log.info(`Request to route ${route} projectId ${projectId}`);
  return { ...check.scope, projectId };
}
