import type { Answer } from '../../langfuse-web/answer.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { uncaught } from '../failed.ts';
import { verifiedKey } from '../keys.ts';
import type { Web2 } from '../web.ts';

/** The key's project, by id and name only; a public key alone may ask too (projects.ts at v2.95.12). */
async function projects(web: Web2, call: Call): Promise<Answer> {
  try {
    const check = await verifiedKey(web, call.request.headers.authorization);
    if (!check.validKey) return { status: 401, json: { message: check.error } };
    if (call.request.method !== 'GET') return { status: 405, json: { message: 'Method not allowed' } };
    const data = await web.postgres.query('SELECT id, name FROM projects WHERE id = $1', [
      check.scope.projectId,
    ]);
    return { status: 200, json: { data } };
  } catch (error) {
    return uncaught(web, error);
  }
}

export const projectRoutes: readonly Route<Web2>[] = [
  // The key is checked before the method is looked at.
  {
    path: '/api/public/projects',
    methods: { GET: projects, POST: projects, PUT: projects, DELETE: projects },
  },
];
