import { insertRow } from '../../langfuse/insert.ts';
import { isEntitled, planOf } from '../../langfuse/plan.ts';
import { checkAdmin } from '../admin-auth.ts';
import { HttpError, type Answer } from '../answer.ts';
import { auditLog } from '../audit.ts';
import {
  organizationAnswer,
  organizationFields,
  organizationOf,
  type OrganizationRow,
} from '../organization-store.ts';
import { notInPlan } from '../organization-scope.ts';
import { named } from '../own-failure.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';
import { adminOrganizationKeys } from './admin-organization-keys.ts';

type Handler = (web: Web, call: Call) => Promise<Answer>;

/** The instance's admin key and the licence (web/src/pages/api/admin/organizations). */
const licensed =
  (handler: Handler): Handler =>
  async (web, call) =>
    await named(web, 'Failed to process organization request', 'error', async () => {
      checkAdmin(web, call);
      if (!isEntitled(planOf(web.settings))) throw new HttpError(403, notInPlan);
      return await handler(web, call);
    });

const list: Handler = async ({ postgres }) => {
  const rows = await postgres.query<OrganizationRow>('SELECT * FROM organizations');
  const organizations = await Promise.all(rows.map((row) => organizationAnswer(postgres, row)));
  return { status: 200, json: { organizations } };
};

const create: Handler = async (web, call) => {
  const { postgres, log } = web;
  const { name, metadata } = organizationFields(await jsonBody(call));
  const row = await insertRow<OrganizationRow>(postgres, 'organizations', { name, metadata });
  const json = await organizationAnswer(postgres, row);
  await audit(web, row.id, 'create', { after: json });
  log.info(`Created organization ${row.id} via admin API`);
  return { status: 201, json };
};

const one: Handler = async ({ postgres }, { parameters: { id = '' } }) => ({
  status: 200,
  json: await organizationAnswer(postgres, await organizationOf(postgres, id)),
});

const update: Handler = async (web, call) => {
  const { postgres, log } = web;
  const { id = '' } = call.parameters;
  const { name, metadata } = organizationFields(await jsonBody(call));
  const before = await organizationOf(postgres, id);
  await postgres.query(
    `UPDATE organizations SET name = $2, metadata = COALESCE($3, metadata), updated_at = now() WHERE id = $1`,
    [id, name, metadata === undefined ? null : JSON.stringify(metadata)],
  );
  const json = await organizationAnswer(postgres, await organizationOf(postgres, id));
  await audit(web, id, 'update', { before, after: json });
  log.info(`Updated organization ${id} via admin API`);
  return { status: 200, json };
};

/** Refused while a project is there, also one whose deletion is under way. */
const remove: Handler = async (web, { parameters: { id = '' } }) => {
  const { postgres, log } = web;
  const before = await organizationOf(postgres, id);
  const rows = await postgres.query<{ deleted_at: Date | null }>(
    'SELECT deleted_at FROM projects WHERE org_id = $1',
    [id],
  );
  if (rows.length > 0) {
    const living = rows.some(({ deleted_at: deletedAt }) => deletedAt === null);
    const message = living
      ? 'Please delete or transfer all projects before deleting the organization.'
      : 'Deletion of your projects is still being processed, please try deleting the organization later';
    throw new HttpError(400, { error: 'Cannot delete organization with existing projects', message });
  }
  await postgres.query('DELETE FROM organizations WHERE id = $1', [id]);
  await audit(web, id, 'delete', { before });
  log.info(`Deleted organization ${id} via admin API`);
  return { status: 200, json: { success: true } };
};

async function audit(
  { postgres }: Web,
  orgId: string,
  action: 'create' | 'update' | 'delete',
  states: { readonly before?: object; readonly after?: object },
): Promise<void> {
  const by = { apiKeyId: 'ADMIN_KEY' };
  await auditLog(postgres, { by, orgId, resourceType: 'organization', resourceId: orgId, action, ...states });
}

const path = '/api/admin/organizations';
const notAllowed = { error: 'Method Not Allowed' };

export const adminOrganizationRoutes: readonly Route[] = [
  { path, methods: { GET: licensed(list), POST: licensed(create) }, notAllowed },
  {
    path: `${path}/:id`,
    methods: { GET: licensed(one), PUT: licensed(update), DELETE: licensed(remove) },
    notAllowed,
  },
  {
    path: `${path}/:id/apiKeys`,
    methods: { GET: licensed(adminOrganizationKeys.list), POST: licensed(adminOrganizationKeys.create) },
    notAllowed,
  },
  {
    path: `${path}/:id/apiKeys/:apiKeyId`,
    methods: { DELETE: licensed(adminOrganizationKeys.remove) },
    notAllowed,
  },
];
