import type { Answer } from '../../langfuse-web/answer.ts';
import type { Route } from '../../langfuse-web/route.ts';
import type { Web2 } from '../web.ts';

/** The admin API of 2 is there and refuses every self-hosted instance (web/src/pages/api/admin at v2.95.12). */
async function cloudOnly(): Promise<Answer> {
  return { status: 403, json: { error: 'Only accessible on Langfuse cloud' } };
}

const notAllowed = { error: 'Method Not Allowed' };

export const adminRoutes: readonly Route<Web2>[] = [
  { path: '/api/admin/api-keys', methods: { POST: cloudOnly }, notAllowed },
  { path: '/api/admin/bullmq', methods: { GET: cloudOnly, POST: cloudOnly }, notAllowed },
];
