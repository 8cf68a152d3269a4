import { bcryptMatches, fastHash } from '../langfuse/api-key.ts';
import { planOf } from '../langfuse/plan.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import type { Connections } from '../langfuse/connections.ts';
import type { JobAuth } from '../langfuse/ingestion.ts';
import { nonExistent, readCache, writeCache, type CacheDefaults, type KeyRecord } from './key-cache.ts';

/** What differs between generations in how keys are kept. */
export interface KeyHabits extends CacheDefaults {
  /** Reads a key by one column; $1 is its value. */
  readonly findSql: (column: KeyColumn) => string;
}

/** What checking a key needs of a web server; habits are those of 3 and 4 unless given. */
export type KeyPlace = Pick<Connections, 'settings' | 'release' | 'log' | 'postgres' | 'redis'> & {
  readonly keyHabits?: KeyHabits;
};

type KeyColumn = 'fast_hashed_secret_key' | 'public_key';

/** What a key may do, in the shape that travels with queue jobs. */
export interface KeyScope {
  readonly projectId: string | null;
  readonly accessLevel: 'project' | 'organization' | 'scores';
  readonly orgId: string;
  readonly plan: string;
  readonly rateLimitOverrides: readonly unknown[];
  readonly apiKeyId: string;
  readonly scope: string;
  readonly publicKey: string;
  readonly isIngestionSuspended: boolean;
  readonly isInAppAgentKey: boolean;
}

/** A scope that belongs to one project. */
export type ProjectScope = KeyScope & { readonly projectId: string };

/** The scope as jobs carry it. */
export function authOf(scope: ProjectScope): JobAuth {
  return { validKey: true, scope: { ...scope } };
}

/** Whom a key belongs to, or why it is refused. */
export type AuthCheck =
  | { readonly validKey: true; readonly scope: KeyScope }
  | { readonly validKey: false; readonly error: string };

const hint = "Confirm that you've configured the correct host.";
const invalid: AuthCheck = { validKey: false, error: `Invalid credentials. ${hint}` };

/** Checks the Authorization header; keys of the agent inside the app are for the app's own routes alone. */
export async function checkKey(web: KeyPlace, header: string | undefined): Promise<AuthCheck> {
  const check = await checkHeader(web, header);
  if (!check.validKey || !check.scope.isInAppAgentKey) return check;
  const error = 'Access denied - in-app agent keys are not allowed for this endpoint';
  return { validKey: false, error };
}

/** As Langfuse does: Redis, then the fast hash, then bcrypt by public key. */
async function checkHeader(web: KeyPlace, header: string | undefined): Promise<AuthCheck> {
  if (header === undefined) return { validKey: false, error: 'No authorization header' };
  if (header.startsWith('Bearer ')) return await checkPublicKey(web, header.slice('Bearer '.length));
  if (!header.startsWith('Basic ')) return { validKey: false, error: 'Invalid authorization header' };
  let pair: string;
  try {
    pair = atob(header.slice('Basic '.length));
  } catch (error) {
    return { validKey: false, error: `${(error as Error).message}. ${hint}` };
  }
  // What stands behind a second colon is lost, as in the real one.
  const [publicKey = '', secretKey = ''] = pair.split(':');
  if (publicKey === '' || secretKey === '')
    return { validKey: false, error: `Invalid authorization header. ${hint}` };
  const check = await checkPair(web, publicKey, secretKey);
  return check.validKey ? { validKey: true, scope: named(web, check.scope, publicKey) } : check;
}

/** The secret alone decides; 3 goes on under the name that was given, 4 under the key's own, and says so in its log. */
function named({ log, release }: KeyPlace, scope: KeyScope, given: string): KeyScope {
  if (release.generation < 4) return { ...scope, publicKey: given };
  const { publicKey, apiKeyId, projectId, orgId } = scope;
  if (given !== publicKey)
    log.warn(
      `Public key mismatch on basic auth: submitted public key ${given} does not match public key ${publicKey} of the API key resolved via the secret key (apiKeyId ${apiKeyId}, projectId ${projectId}, orgId ${orgId})`,
    );
  return scope;
}

async function checkPair(web: KeyPlace, publicKey: string, secretKey: string): Promise<AuthCheck> {
  const hash = fastHash(secretKey, web.settings.text('SALT') ?? '');
  const cached = await readCache(web, habitsOf(web), hash);
  if (cached === nonExistent) return invalid;
  if (cached !== undefined) return { validKey: true, scope: scopeOf(cached, 'project') };
  const byHash = await findKey(web, 'fast_hashed_secret_key', hash);
  if (byHash !== undefined) {
    await writeCache(web, habitsOf(web), hash, byHash);
    return { validKey: true, scope: scopeOf(byHash, 'project') };
  }
  return await checkSlowly(web, publicKey, secretKey, hash);
}

/** A key hashed under another SALT: bcrypt decides, then the row gets the new fast hash; not cached on this call. */
async function checkSlowly(
  web: KeyPlace,
  publicKey: string,
  secretKey: string,
  hash: string,
): Promise<AuthCheck> {
  const record = await findKey(web, 'public_key', publicKey);
  if (record === undefined) {
    await writeCache(web, habitsOf(web), hash, nonExistent);
    return invalid;
  }
  if (!(await bcryptMatches(secretKey, record.hashedSecretKey))) {
    web.log.info('Error verifying auth header: Invalid credentials');
    return invalid;
  }
  await web.postgres.query('UPDATE api_keys SET fast_hashed_secret_key = $1 WHERE id = $2', [
    hash,
    record.id,
  ]);
  return { validKey: true, scope: scopeOf(record, 'project') };
}

async function checkPublicKey(web: KeyPlace, publicKey: string): Promise<AuthCheck> {
  const record = await findKey(web, 'public_key', publicKey);
  if (record === undefined) return { validKey: false, error: `Invalid public key. ${hint}` };
  if (record.scope === 'ORGANIZATION') {
    const error = `Unauthorized: Cannot use organization key with bearer auth. ${hint}`;
    return { validKey: false, error };
  }
  return { validKey: true, scope: scopeOf(record, 'scores') };
}

function scopeOf(record: KeyRecord, access: 'project' | 'scores'): KeyScope {
  return {
    projectId: record.projectId,
    accessLevel: record.scope === 'ORGANIZATION' ? 'organization' : access,
    orgId: record.orgId,
    plan: record.plan,
    rateLimitOverrides: record.rateLimitOverrides,
    apiKeyId: record.id,
    scope: record.scope,
    publicKey: record.publicKey,
    isIngestionSuspended: record.isIngestionSuspended,
    isInAppAgentKey: record.isInAppAgentKey,
  };
}

const habits: KeyHabits = { findSql, cache: true, cacheSeconds: 300 };

const habitsOf = (web: KeyPlace): KeyHabits => web.keyHabits ?? habits;

/** A project whose deletion is under way does not make its keys invalid: the app takes the rows away before. */
function findSql(column: KeyColumn): string {
  return `
  SELECT k.id, k.note, k.public_key AS "publicKey", k.display_secret_key AS "displaySecretKey",
    k.created_at AS "createdAt", k.last_used_at AS "lastUsedAt", k.expires_at AS "expiresAt",
    k.project_id AS "projectId", k.hashed_secret_key AS "hashedSecretKey",
    k.fast_hashed_secret_key AS "fastHashedSecretKey", COALESCE(k.organization_id, p.org_id) AS "orgId",
    k.scope, k.is_in_app_agent_key AS "isInAppAgentKey"
  FROM api_keys k LEFT JOIN projects p ON p.id = k.project_id WHERE k.${column} = $1`;
}

async function findKey(web: KeyPlace, column: KeyColumn, value: string): Promise<KeyRecord | undefined> {
  try {
    const [row] = await web.postgres.query<SqlRow>(habitsOf(web).findSql(column), [value]);
    if (row === undefined) return undefined;
    const plan = planOf(web.settings);
    return { ...(row as unknown as KeyRecord), plan, rateLimitOverrides: [], isIngestionSuspended: false };
  } catch (error) {
    if (error instanceof PrismaError)
      web.log.error(`prisma:error\nInvalid \`prisma.apiKey.findUnique()\` invocation:\n\n${error.message}`);
    throw error;
  }
}
