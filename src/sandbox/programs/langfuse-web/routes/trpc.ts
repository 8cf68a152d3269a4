import { messageOf } from '../../langfuse/log.ts';
import type { Answer } from '../answer.ts';
import { auditLog } from '../audit.ts';
import { createKey, deleteKey, type KeyKeeper, type KeyRow } from '../key-store.ts';
import { actorOf, memberOf, requireRole, type Member } from '../member.ts';
import { insertProject, projectObject } from '../project-store.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { UserDesk } from '../sign-in.ts';
import { trpcAnswer, trpcInput, TrpcError, trpcRefusal } from '../trpc-answer.ts';

type Input = Readonly<Record<string, unknown>>;
type Action<Owner> = (owner: Owner, call: Call, input: Input) => Promise<unknown>;
type Desk = UserDesk & KeyKeeper;

/**
 * What the settings pages do with a session, without any licence: the app's own way on the open-source edition, and
 * the only one on 2. One call at a time; batches are left out.
 *
 * @param removeProject how this generation deletes a project
 */
export function userActionRoutes<Owner extends Desk>(
  removeProject: (owner: Owner, member: Member, projectId: string) => Promise<void>,
): readonly Route<Owner>[] {
  const deletion: Action<Owner> = async (owner, { request }, input) => {
    const projectId = textOf(input, 'projectId');
    const member = await memberOf(owner, request, { projectId });
    requireRole(member.projectRole, 'OWNER');
    await removeProject(owner, member, projectId);
    return true;
  };
  return [
    routeOf('projects.create', createProject),
    routeOf('projects.delete', deletion),
    routeOf('projectApiKeys.create', makeKey),
    routeOf('projectApiKeys.delete', removeKey),
  ];
}

function routeOf<Owner extends Desk>(path: string, action: Action<Owner>): Route<Owner> {
  const handler = async (owner: Owner, call: Call): Promise<Answer> => {
    try {
      const input = trpcInput(await jsonBody(call));
      if (input === undefined) throw new TrpcError('BAD_REQUEST', 'Invalid input');
      return trpcAnswer((await action(owner, call, input)) ?? null);
    } catch (error) {
      if (error instanceof TrpcError) return trpcRefusal(path, error);
      owner.log.error('middleware intercepted error with code INTERNAL_SERVER_ERROR', messageOf(error));
      return trpcRefusal(path, new TrpcError('INTERNAL_SERVER_ERROR', 'Internal error'));
    }
  };
  return { path: `/api/trpc/${path}`, methods: { POST: handler } };
}

/** @throws TrpcError BAD_REQUEST */
function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string') return value;
  throw new TrpcError('BAD_REQUEST', `Invalid input, ${name} is required`);
}

/** 2 takes any name, and a second project of that name. */
async function createProject(desk: Desk, { request }: Call, input: Input): Promise<object> {
  const [name, orgId] = [textOf(input, 'name'), textOf(input, 'orgId')];
  const member = await memberOf(desk, request, { orgId });
  requireRole(member.orgRole, 'OWNER', 'ADMIN');
  if (desk.release.generation > 2) await requireFreeName(desk, orgId, name);
  const row = await insertProject(desk.postgres, { name, org_id: orgId });
  await auditLog(desk.postgres, {
    by: actorOf(member),
    orgId,
    resourceType: 'project',
    resourceId: row.id,
    action: 'create',
    after: projectObject(row),
  });
  return { id: row.id, name: row.name, role: 'OWNER' };
}

/** @throws TrpcError CONFLICT */
async function requireFreeName({ postgres }: Desk, orgId: string, name: string): Promise<void> {
  const same = await postgres.query(
    'SELECT id FROM projects WHERE name = $1 AND org_id = $2 AND deleted_at IS NULL',
    [name, orgId],
  );
  if (same.length > 0)
    throw new TrpcError('CONFLICT', 'A project with this name already exists in your organization');
}

async function makeKey(desk: Desk, { request }: Call, input: Input): Promise<object> {
  const projectId = textOf(input, 'projectId');
  const member = await memberOf(desk, request, { projectId });
  requireRole(member.projectRole, 'OWNER', 'ADMIN');
  const note = input['note'] === undefined ? undefined : textOf(input, 'note');
  const made = await createKey(desk, {
    scope: 'PROJECT',
    entityId: projectId,
    note,
    createdByUserId: member.user.id,
  });
  await auditKey(desk, member, made.id, 'create');
  return made;
}

/** The audit row is written before the key goes. */
async function removeKey(desk: Desk, { request }: Call, input: Input): Promise<boolean> {
  const [projectId, id] = [textOf(input, 'projectId'), textOf(input, 'id')];
  const member = await memberOf(desk, request, { projectId });
  requireRole(member.projectRole, 'OWNER', 'ADMIN');
  const [row] = await desk.postgres.query<KeyRow>(
    'SELECT * FROM api_keys WHERE id = $1 AND project_id = $2',
    [id, projectId],
  );
  if (row === undefined) throw new TrpcError('INTERNAL_SERVER_ERROR', 'Internal error');
  if (row['is_in_app_agent_key'] === true) return false;
  await auditKey(desk, member, id, 'delete');
  await deleteKey(desk, row);
  return true;
}

async function auditKey(
  { postgres }: Desk,
  member: Member,
  resourceId: string,
  action: 'create' | 'delete',
): Promise<void> {
  const { orgId, projectId } = member;
  await auditLog(postgres, {
    by: actorOf(member),
    orgId,
    projectId,
    resourceType: 'apiKey',
    resourceId,
    action,
  });
}
