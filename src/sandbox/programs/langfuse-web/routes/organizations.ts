import { isRecord } from '../../langfuse/event-check.ts';
import { insertRow } from '../../langfuse/insert.ts';
import { HttpError, type Answer } from '../answer.ts';
import { listKeys } from '../key-listing.ts';
import { organizationScope } from '../organization-scope.ts';
import { named } from '../own-failure.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

type OwnHandler = (web: Web, call: Call, orgId: string) => Promise<Answer>;

/** Routes of the key's organisation; refusals stand in `error` (web/src/pages/api/public/organizations). */
const ofOrganization =
  (what: string, handler: OwnHandler) =>
  async (web: Web, call: Call): Promise<Answer> => {
    const { orgId } = await organizationScope(web, call, 'error');
    return await named(web, `Error handling organization ${what}`, 'error', async () =>
      handler(web, call, orgId),
    );
  };

const projects: OwnHandler = async ({ postgres }, _call, orgId) => {
  const rows = await postgres.query(
    `SELECT id, name, metadata, created_at AS "createdAt", updated_at AS "updatedAt" FROM projects
     WHERE org_id = $1 AND deleted_at IS NULL`,
    [orgId],
  );
  return { status: 200, json: { projects: rows } };
};

const keys: OwnHandler = async ({ postgres }, _call, orgId) => ({
  status: 200,
  json: { apiKeys: await listKeys(postgres, 'ORGANIZATION', orgId) },
});

const members: OwnHandler = async ({ postgres }, _call, orgId) => {
  const memberships = await postgres.query(
    `SELECT m.user_id AS "userId", m.role, u.email, u.name FROM organization_memberships m
     JOIN users u ON u.id = m.user_id WHERE m.org_id = $1`,
    [orgId],
  );
  return { status: 200, json: { memberships } };
};

const roles = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER', 'NONE'];

/** The user must be there; a membership is made or changed, and leaves no audit row. */
const setMember: OwnHandler = async ({ postgres }, call, orgId) => {
  const body = await jsonBody(call);
  const { userId, role } = isRecord(body) ? body : {};
  if (typeof userId !== 'string' || !roles.includes(String(role))) throw badBody(userId, role);
  const [user] = await postgres.query<{ email: string; name: string }>(
    'SELECT email, name FROM users WHERE id = $1',
    [userId],
  );
  if (user === undefined) throw new HttpError(404, { error: 'User not found' });
  const changed = await postgres.query(
    'UPDATE organization_memberships SET role = $3, updated_at = now() WHERE org_id = $1 AND user_id = $2 RETURNING id',
    [orgId, userId, role],
  );
  if (changed.length === 0)
    await insertRow(postgres, 'organization_memberships', { org_id: orgId, user_id: userId, role });
  return { status: 200, json: { userId, role, ...user } };
};

const removeMember: OwnHandler = async ({ postgres }, call, orgId) => {
  const body = await jsonBody(call);
  const { userId } = isRecord(body) ? body : {};
  if (typeof userId !== 'string') throw badBody(userId, 'NONE');
  await postgres.query('DELETE FROM organization_memberships WHERE org_id = $1 AND user_id = $2', [
    orgId,
    userId,
  ]);
  return { status: 200, json: { message: 'Membership deleted successfully', userId } };
};

/** zod's issues for a user that is no text and a role that is none. */
function badBody(userId: unknown, role: unknown): HttpError {
  const missing = {
    expected: 'string',
    code: 'invalid_type',
    path: ['userId'],
    message: `Invalid input: expected string, received ${typeof userId}`,
  };
  const options = roles.map((one) => `"${one}"`).join('|');
  const wrong = {
    code: 'invalid_value',
    values: roles,
    path: ['role'],
    message: `Invalid option: expected one of ${options}`,
  };
  const details = [
    ...(typeof userId === 'string' ? [] : [missing]),
    ...(roles.includes(String(role)) ? [] : [wrong]),
  ];
  return new HttpError(400, { error: 'Invalid request body', details });
}

const path = '/api/public/organizations';
const notAllowed = { error: 'Method not allowed' };

export const organizationRoutes: readonly Route[] = [
  { path: `${path}/projects`, methods: { GET: ofOrganization('projects', projects) }, notAllowed },
  { path: `${path}/apiKeys`, methods: { GET: ofOrganization('API keys', keys) }, notAllowed },
  {
    path: `${path}/memberships`,
    methods: {
      GET: ofOrganization('memberships', members),
      PUT: ofOrganization('memberships', setMember),
      DELETE: ofOrganization('memberships', removeMember),
    },
    notAllowed,
  },
];
