import { timingSafeEqual } from 'node:crypto';
import { HttpError } from './answer.ts';
import type { Call } from './route.ts';
import type { Web } from './web.ts';

/**
 * Needs `Authorization: Bearer $ADMIN_API_KEY`; no licence
 * (web/src/ee/features/admin-api/server/adminApiAuth.ts). @throws HttpError 401, 403
 */
export function checkAdmin({ settings, log }: Web, { request }: Call): void {
  const { authorization } = request.headers;
  if (authorization === undefined)
    throw new HttpError(401, { error: 'Unauthorized: No authorization header provided' });
  const key = settings.text('ADMIN_API_KEY');
  if (key === undefined) {
    log.error('ADMIN_API_KEY is not set');
    throw new HttpError(403, { error: 'ADMIN_API_KEY is not set' });
  }
  const [scheme, token = ''] = authorization.split(' ');
  const [given, wanted] = [Buffer.from(token), Buffer.from(key)];
  const same = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (scheme !== 'Bearer' || !same) throw new HttpError(401, { error: 'Unauthorized: Invalid token' });
}
