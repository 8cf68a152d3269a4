import { isRecord } from '../../langfuse/event-check.ts';
import { PrismaError } from '../../langfuse/prisma-error.ts';
import { HttpError, type Answer } from '../answer.ts';
import { auditLog } from '../audit.ts';
import type { KeyScope } from '../auth.ts';
import { findKeyOf, listKeys } from '../key-listing.ts';
import { createKey, deleteKey, type KeyPair, type MadeKey } from '../key-store.ts';
import { organizationScope, ownProject } from '../organization-scope.ts';
import { named } from '../own-failure.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

type Handler = (web: Web, call: Call) => Promise<Answer>;
type OwnHandler = (web: Web, call: Call, scope: KeyScope, projectId: string) => Promise<Answer>;

/** Keys of a project also while it is being deleted (web/src/pages/api/public/projects/[projectId]/apiKeys). */
const ofProject =
  (handler: OwnHandler): Handler =>
  async (web, call) =>
    await named(web, 'Failed to process project API key request', 'message', async () => {
      const scope = await organizationScope(web, call, 'message');
      const { projectId = '' } = call.parameters;
      await ownProject(web, scope, projectId, false);
      return await handler(web, call, scope, projectId);
    });

const list: OwnHandler = async ({ postgres }, _call, _scope, projectId) => ({
  status: 200,
  json: { apiKeys: await listKeys(postgres, 'PROJECT', projectId) },
});

const create: OwnHandler = async (web, call, scope, projectId) => {
  const { note, pair } = keyRequest(await jsonBody(call));
  const made = await createUnique(web, { note, pair, projectId, createdByApiKeyId: scope.apiKeyId });
  await auditKey(web, scope.orgId, projectId, made.id, 'create');
  web.log.info(`Created API key ${made.id} for project ${projectId} via public API`);
  return { status: 201, json: made };
};

const remove: OwnHandler = async (web, call, scope, projectId) => {
  const { apiKeyId = '' } = call.parameters;
  const row = await findKeyOf(web.postgres, 'PROJECT', projectId, apiKeyId);
  if (row === undefined) throw new HttpError(404, { message: 'API key not found' });
  await deleteKey(web, row);
  await auditKey(web, scope.orgId, projectId, apiKeyId, 'delete');
  web.log.info(`Deleted API key ${apiKeyId} for project ${projectId} via public API`);
  return { status: 200, json: { success: true } };
};

interface KeyRequest {
  readonly note: string | undefined;
  readonly pair: KeyPair | undefined;
}

/** @throws HttpError 400 */
function keyRequest(body: unknown): KeyRequest {
  const fields = body === undefined ? {} : body;
  if (!isRecord(fields)) throw new HttpError(400, { message: 'Invalid request body' });
  const [note, publicKey, secretKey] = ['note', 'publicKey', 'secretKey'].map((name) => text(fields, name));
  if (!publicKey && !secretKey) return { note, pair: undefined };
  if (!publicKey || !secretKey)
    throw new HttpError(400, {
      message: 'Both publicKey and secretKey must be provided together when specifying predefined keys',
    });
  for (const [name, value, prefix] of [
    ['publicKey', publicKey, 'pk-lf-'],
    ['secretKey', secretKey, 'sk-lf-'],
  ] as const)
    if (!value.startsWith(prefix))
      throw new HttpError(400, { message: `${name} must start with '${prefix}'` });
  return { note, pair: { publicKey, secretKey } };
}

function text(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  const errors = [`Invalid input: expected string, received ${value === null ? 'null' : typeof value}`];
  throw new HttpError(400, {
    message: 'Invalid request body',
    details: { _errors: [], [name]: { _errors: errors } },
  });
}

/** @throws HttpError 409 for a pair that is there */
async function createUnique(
  web: Web,
  key: KeyRequest & { readonly projectId: string; readonly createdByApiKeyId: string },
): Promise<MadeKey> {
  try {
    return await createKey(web, { ...key, scope: 'PROJECT', entityId: key.projectId });
  } catch (error) {
    if (!(error instanceof PrismaError) || error.code !== 'P2002') throw error;
    throw new HttpError(409, { message: 'API key with the provided publicKey or secretKey already exists' });
  }
}

/** Whoever's organisation key it was: the row says ORG_KEY. */
async function auditKey(
  { postgres }: Web,
  orgId: string,
  projectId: string,
  resourceId: string,
  action: 'create' | 'delete',
): Promise<void> {
  const by = { apiKeyId: 'ORG_KEY' };
  await auditLog(postgres, { by, orgId, projectId, resourceType: 'apiKey', resourceId, action });
}

const notAllowed = { message: 'Method Not Allowed' };

export const projectKeyRoutes: readonly Route[] = [
  {
    path: '/api/public/projects/:projectId/apiKeys',
    methods: { GET: ofProject(list), POST: ofProject(create) },
    notAllowed,
  },
  {
    path: '/api/public/projects/:projectId/apiKeys/:apiKeyId',
    methods: { DELETE: ofProject(remove) },
    notAllowed,
  },
];
