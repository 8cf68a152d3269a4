import { isRecord } from '../../langfuse/event-check.ts';
import { checkAdmin } from '../admin-auth.ts';
import { HttpError, type Answer } from '../answer.ts';
import { invalidate, invalidateAll, type KeyRow } from '../key-store.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

/** Keys of whole projects, and the cache of all of them; no licence (web/src/pages/api/admin/api-keys/index.ts). */
async function keys(web: Web, call: Call): Promise<Answer> {
  checkAdmin(web, call);
  const body = await jsonBody(call);
  const { action, projectIds } = isRecord(body) ? body : {};
  switch (action) {
    case 'delete':
      return await removeAll(web, idsOf(projectIds));
    case 'invalidate':
      return await invalidateOf(web, idsOf(projectIds));
    case 'invalidate-all': {
      const invalidatedCount = await invalidateAll(web);
      web.log.info(`Invalidated all cached API keys (${invalidatedCount})`);
      return { status: 200, json: { message: 'All cached API keys invalidated', invalidatedCount } };
    }
    default:
      throw refused({
        code: 'invalid_union',
        errors: [],
        note: 'No matching discriminator',
        discriminator: 'action',
        path: ['action'],
        message: 'Invalid input',
      });
  }
}

/** Every key of the projects: rows first, then the cache. */
async function removeAll(web: Web, projectIds: readonly string[]): Promise<Answer> {
  const what = `projects ${projectIds.join(', ')}`;
  web.log.info(`trying to remove API keys for ${what}`);
  const rows = await rowsOf(web, projectIds);
  await web.postgres.query(`DELETE FROM api_keys WHERE project_id = ANY($1) AND scope = 'PROJECT'`, [
    projectIds,
  ]);
  await invalidate(web, rows, what);
  web.log.info(`Removed API keys for ${what}`);
  return { status: 200, json: { message: 'API keys deleted' } };
}

/** Only of keys that Postgres still has. */
async function invalidateOf(web: Web, projectIds: readonly string[]): Promise<Answer> {
  const what = `projects ${projectIds.join(', ')}`;
  await invalidate(web, await rowsOf(web, projectIds), what);
  web.log.info(`Invalidated API keys for ${what}`);
  return { status: 200, json: { message: 'API keys invalidated' } };
}

async function rowsOf({ postgres }: Web, projectIds: readonly string[]): Promise<KeyRow[]> {
  return await postgres.query<KeyRow>(
    `SELECT * FROM api_keys WHERE project_id = ANY($1) AND scope = 'PROJECT'`,
    [projectIds],
  );
}

/** @throws HttpError 400 */
function idsOf(value: unknown): string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  const received = value === undefined ? 'undefined' : typeof value;
  const message = `Invalid input: expected array, received ${received}`;
  throw refused({ expected: 'array', code: 'invalid_type', path: ['projectIds'], message });
}

/** A ZodError as JSON.stringify leaves it. */
const refused = (issue: object): HttpError =>
  new HttpError(400, { error: { name: 'ZodError', message: JSON.stringify([issue], null, 2) } });

export const adminKeyRoutes: readonly Route[] = [
  { path: '/api/admin/api-keys', methods: { POST: keys }, notAllowed: { error: 'Method Not Allowed' } },
];
