import { cuid } from '../langfuse/ids.ts';
import { isEntitled, planOf } from '../langfuse/plan.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { warnOfHalves, warnWithoutOrganisation } from './init-warnings.ts';
import { createKey, type KeyKeeper } from './key-store.ts';
import { createUser, findUser } from './user-store.ts';

/**
 * LANGFUSE_INIT_*: organisation, project, key and user are made at each start of each replica when they are absent
 * (web/src/initialize.ts).
 */
export async function runInit(web: KeyKeeper): Promise<void> {
  const { settings } = web;
  if (settings.text('NEXT_PUBLIC_LANGFUSE_RUN_NEXT_INIT') === 'false') return;
  const orgId = settings.text('LANGFUSE_INIT_ORG_ID');
  if (orgId === undefined) warnWithoutOrganisation(web);
  else await provision(web, orgId);
}

/** Makes what LANGFUSE_INIT_* name, below the organisation. @throws PrismaError */
export async function provision(web: KeyKeeper, orgId: string): Promise<void> {
  const { settings, log, release } = web;
  await organisation(web, orgId).catch((error: unknown) => {
    if (error instanceof PrismaError)
      log.error(`prisma:error\nInvalid \`prisma.organization.upsert()\` invocation:\n\n${error.message}`);
    throw error;
  });
  if (release.generation > 2) warnOfHalves(web);
  const projectId = settings.text('LANGFUSE_INIT_PROJECT_ID');
  if (projectId !== undefined) {
    await project(web, orgId, projectId);
    await apiKey(web, projectId);
  }
  await user(web, orgId, projectId);
}

async function organisation({ postgres, settings }: KeyKeeper, orgId: string): Promise<void> {
  await postgres.query('INSERT INTO organizations (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
    orgId,
    settings.text('LANGFUSE_INIT_ORG_NAME') ?? 'Provisioned Org',
  ]);
}

/** A project that is there is left alone, also one that is being deleted; its retention needs the licence. */
async function project(web: KeyKeeper, orgId: string, projectId: string): Promise<void> {
  const { postgres, settings } = web;
  const name = settings.text('LANGFUSE_INIT_PROJECT_NAME') ?? 'Provisioned Project';
  const made = await postgres.query(
    'INSERT INTO projects (id, name, org_id) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id',
    [projectId, name, orgId],
  );
  const days = settings.number('LANGFUSE_INIT_PROJECT_RETENTION', 0);
  if (made.length > 0 && days > 0 && isEntitled(planOf(settings)))
    await postgres.query('UPDATE projects SET retention_days = $2 WHERE id = $1', [projectId, days]);
}

/** Looked up by public key alone: a changed secret has no effect; a revoked key comes back. The cache stays as it is. */
async function apiKey(web: KeyKeeper, projectId: string): Promise<void> {
  const { postgres, settings } = web;
  const publicKey = settings.text('LANGFUSE_INIT_PROJECT_PUBLIC_KEY');
  const secretKey = settings.text('LANGFUSE_INIT_PROJECT_SECRET_KEY');
  if (publicKey === undefined || secretKey === undefined) return;
  const [row] = await postgres.query<{ id: string; project_id: string | null }>(
    'SELECT id, project_id FROM api_keys WHERE public_key = $1',
    [publicKey],
  );
  if (row?.project_id === projectId) return;
  if (row !== undefined) await postgres.query('DELETE FROM api_keys WHERE id = $1', [row.id]);
  const pair = { publicKey, secretKey };
  await createKey(web, { scope: 'PROJECT', entityId: projectId, note: 'Provisioned API Key', pair }).catch(
    forgiveTaken,
  );
}

/** Replicas that start at once make the same key; in life the later one may end over it, here it goes on. */
function forgiveTaken(error: unknown): void {
  if (!(error instanceof PrismaError) || error.code !== 'P2002') throw error;
}

/** Created only when absent, but its organisation role is forced back to OWNER at every start. */
async function user(web: KeyKeeper, orgId: string, projectId: string | undefined): Promise<void> {
  const { postgres, settings } = web;
  const email = settings.text('LANGFUSE_INIT_USER_EMAIL')?.toLowerCase();
  const password = settings.text('LANGFUSE_INIT_USER_PASSWORD');
  if (email === undefined || password === undefined) return;
  const name = settings.text('LANGFUSE_INIT_USER_NAME') ?? 'Provisioned User';
  const id = await userId(web, { email, password, name });
  const [membership] = await postgres.query<{ id: string }>(
    `INSERT INTO organization_memberships (id, org_id, user_id, role) VALUES ($1, $2, $3, 'OWNER')
     ON CONFLICT (org_id, user_id) DO UPDATE SET role = 'OWNER', updated_at = now() RETURNING id`,
    [cuid(), orgId, id],
  );
  if (projectId === undefined || !isEntitled(planOf(settings))) return;
  await postgres.query(
    `INSERT INTO project_memberships (project_id, user_id, org_membership_id, role) VALUES ($1, $2, $3, 'OWNER')
     ON CONFLICT (project_id, user_id) DO UPDATE SET role = 'OWNER', updated_at = now()`,
    [projectId, id, membership?.id],
  );
}

type NewUser = Parameters<typeof createUser>[1];

async function userId(web: KeyKeeper, wanted: NewUser): Promise<string> {
  const known = await findUser(web, wanted.email);
  if (known !== undefined) return known.id;
  try {
    return await createUser(web, wanted);
  } catch (error) {
    forgiveTaken(error);
    return (await findUser(web, wanted.email))?.id ?? '';
  }
}
