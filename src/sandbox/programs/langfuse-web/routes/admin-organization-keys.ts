import { isRecord } from '../../langfuse/event-check.ts';
import { HttpError, type Answer } from '../answer.ts';
import { auditLog } from '../audit.ts';
import { findKeyOf, listKeys } from '../key-listing.ts';
import { createKey, deleteKey } from '../key-store.ts';
import { organizationOf } from '../organization-store.ts';
import { jsonBody, type Call } from '../route.ts';
import type { Web } from '../web.ts';

type Handler = (web: Web, call: Call) => Promise<Answer>;

const list: Handler = async ({ postgres }, { parameters: { id = '' } }) => {
  await organizationOf(postgres, id);
  return { status: 200, json: { apiKeys: await listKeys(postgres, 'ORGANIZATION', id) } };
};

const create: Handler = async (web, call) => {
  const { id = '' } = call.parameters;
  await organizationOf(web.postgres, id);
  const body = await jsonBody(call);
  const { note } = isRecord(body) ? body : {};
  if (note !== undefined && typeof note !== 'string')
    throw new HttpError(400, {
      error: 'Invalid request body',
      details: {
        _errors: [],
        note: { _errors: [`Invalid input: expected string, received ${typeof note}`] },
      },
    });
  const made = await createKey(web, { scope: 'ORGANIZATION', entityId: id, note });
  await audit(web, id, made.id, 'create');
  web.log.info(`Created API key ${made.id} for organization ${id} via admin API`);
  return { status: 201, json: made };
};

const remove: Handler = async (web, { parameters: { id = '', apiKeyId = '' } }) => {
  await organizationOf(web.postgres, id);
  const row = await findKeyOf(web.postgres, 'ORGANIZATION', id, apiKeyId);
  if (row === undefined) throw new HttpError(404, { error: 'API key not found' });
  await deleteKey(web, row);
  await audit(web, id, apiKeyId, 'delete');
  web.log.info(`Deleted API key ${apiKeyId} for organization ${id} via admin API`);
  return { status: 200, json: { success: true } };
};

async function audit(
  { postgres }: Web,
  orgId: string,
  resourceId: string,
  action: 'create' | 'delete',
): Promise<void> {
  const by = { apiKeyId: 'ADMIN_KEY' };
  await auditLog(postgres, { by, orgId, resourceType: 'apiKey', resourceId, action });
}

/** Keys of an organisation: no other route over HTTP makes one. */
export const adminOrganizationKeys = { list, create, remove };
