import { bcryptHash, displaySecret, fastHash } from '../langfuse/api-key.ts';
import { cuid } from '../langfuse/ids.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import type { Connections } from '../langfuse/connections.ts';

type InitPlace = Pick<Connections, 'postgres' | 'settings' | 'log'>;

/**
 * LANGFUSE_INIT_*: organisation, project, key and user are made at each start when they are absent
 * (web/src/initialize.ts).
 */
export async function runInit(web: InitPlace): Promise<void> {
  const { settings } = web;
  if (settings.text('NEXT_PUBLIC_LANGFUSE_RUN_NEXT_INIT') === 'false') return;
  const orgId = settings.text('LANGFUSE_INIT_ORG_ID');
  if (orgId === undefined) {
    warnWithoutOrganisation(web);
    return;
  }
  await provision(web, orgId);
}

/** Makes what LANGFUSE_INIT_* name, below the organisation. @throws PrismaError */
export async function provision(web: InitPlace, orgId: string): Promise<void> {
  const { settings, log } = web;
  await organisation(web, orgId).catch((error: unknown) => {
    if (error instanceof PrismaError)
      log.error(`prisma:error\nInvalid \`prisma.organization.upsert()\` invocation:\n\n${error.message}`);
    throw error;
  });
  const projectId = settings.text('LANGFUSE_INIT_PROJECT_ID');
  if (projectId !== undefined) {
    await project(web, orgId, projectId);
    await apiKey(web, projectId);
  }
  await user(web, orgId);
}

function warnWithoutOrganisation({ settings, log }: InitPlace): void {
  const given = ['PROJECT_ID', 'USER_EMAIL', 'PROJECT_PUBLIC_KEY']
    .map((name) => `LANGFUSE_INIT_${name}`)
    .filter((name) => settings.text(name) !== undefined);
  if (given.length > 0)
    log.warn(
      `[Langfuse Init] LANGFUSE_INIT_ORG_ID is not set but ${given.join(', ')} are. They will be ignored. Set LANGFUSE_INIT_ORG_ID to enable headless initialization.`,
    );
}

async function organisation({ postgres, settings }: InitPlace, orgId: string): Promise<void> {
  await postgres.query('INSERT INTO organizations (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
    orgId,
    settings.text('LANGFUSE_INIT_ORG_NAME') ?? 'Provisioned Org',
  ]);
}

async function project({ postgres, settings }: InitPlace, orgId: string, projectId: string): Promise<void> {
  await postgres.query(
    'INSERT INTO projects (id, name, org_id) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
    [projectId, settings.text('LANGFUSE_INIT_PROJECT_NAME') ?? 'Provisioned Project', orgId],
  );
}

/** Looked up by public key alone: a changed secret has no effect; a revoked key comes back. */
async function apiKey({ postgres, settings }: InitPlace, projectId: string): Promise<void> {
  const publicKey = settings.text('LANGFUSE_INIT_PROJECT_PUBLIC_KEY');
  const secretKey = settings.text('LANGFUSE_INIT_PROJECT_SECRET_KEY');
  if (publicKey === undefined || secretKey === undefined) return;
  const found = await postgres.query<{ id: string; project_id: string | null }>(
    'SELECT id, project_id FROM api_keys WHERE public_key = $1',
    [publicKey],
  );
  const [row] = found;
  if (row?.project_id === projectId) return;
  if (row !== undefined) await postgres.query('DELETE FROM api_keys WHERE id = $1', [row.id]);
  await postgres.query(
    `INSERT INTO api_keys (id, note, public_key, hashed_secret_key, fast_hashed_secret_key, display_secret_key, project_id)
     VALUES ($1, 'Provisioned API Key', $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [
      cuid(),
      publicKey,
      await bcryptHash(secretKey),
      fastHash(secretKey, settings.text('SALT') ?? ''),
      displaySecret(secretKey),
      projectId,
    ],
  );
}

/** Created only when absent, but its organisation role is forced back to OWNER at every start. */
async function user({ postgres, settings }: InitPlace, orgId: string): Promise<void> {
  const email = settings.text('LANGFUSE_INIT_USER_EMAIL')?.toLowerCase();
  const password = settings.text('LANGFUSE_INIT_USER_PASSWORD');
  if (email === undefined || password === undefined) return;
  const name = settings.text('LANGFUSE_INIT_USER_NAME') ?? 'Provisioned User';
  const [known] = await postgres.query<{ id: string }>('SELECT id FROM users WHERE email = $1', [email]);
  const id = known?.id ?? cuid();
  if (known === undefined)
    await postgres.query('INSERT INTO users (id, name, email, password) VALUES ($1, $2, $3, $4)', [
      id,
      name,
      email,
      await bcryptHash(password, 12),
    ]);
  await postgres.query(
    `INSERT INTO organization_memberships (id, org_id, user_id, role) VALUES ($1, $2, $3, 'OWNER')
     ON CONFLICT (org_id, user_id) DO UPDATE SET role = 'OWNER'`,
    [cuid(), orgId, id],
  );
}
