import { checkKey, type AuthCheck, type KeyHabits } from '../langfuse-web/auth.ts';
import type { Web2 } from './web.ts';

/** Keys of 2.95 belong to a project; caching them is off unless asked for (web/src/env.mjs at v2.95.12). */
export const keyHabits: KeyHabits = {
  cache: false,
  cacheSeconds: 120,
  findSql: (column) => `
    SELECT k.id, k.note, k.public_key AS "publicKey", k.display_secret_key AS "displaySecretKey",
      k.created_at AS "createdAt", k.last_used_at AS "lastUsedAt", k.expires_at AS "expiresAt",
      k.project_id AS "projectId", k.hashed_secret_key AS "hashedSecretKey",
      k.fast_hashed_secret_key AS "fastHashedSecretKey", p.org_id AS "orgId", 'PROJECT' AS scope
    FROM api_keys k JOIN projects p ON p.id = k.project_id WHERE k.${column} = $1`,
};

/** Checks the header; each refusal is an error line of its own (apiAuth.ts at v2.95.12). */
export async function verifiedKey(web: Web2, header: string | undefined): Promise<AuthCheck> {
  // Later releases say the same at info level.
  const quiet = { ...web.log, info: () => undefined };
  const check = await checkKey({ ...web, log: quiet }, header);
  if (check.validKey) return check;
  const [reason = check.error] = check.error.split('. ');
  if (header === undefined) web.log.error(reason);
  else if (/^(Basic|Bearer) /.test(header)) web.log.error(`Error verifying auth header: ${reason}`);
  return check;
}
