import { bcryptMatches, fastHash } from '../langfuse/api-key.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import type { Connections } from '../langfuse/connections.ts';
import type { JobAuth } from '../langfuse/ingestion.ts';

/** What differs between generations in how keys are kept. */
export interface KeyHabits {
  /** Reads a key by one column; $1 is its value. */
  readonly findSql: (column: KeyColumn) => string;
  /** Defaults of LANGFUSE_CACHE_API_KEY_ENABLED and LANGFUSE_CACHE_API_KEY_TTL_SECONDS. */
  readonly cache: boolean;
  readonly cacheSeconds: number;
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

/** The cached record of a key: one line of JSON under `api-key:<fast hash>`. */
interface KeyRecord {
  readonly id: string;
  readonly note: string | null;
  readonly publicKey: string;
  readonly displaySecretKey: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly projectId: string | null;
  readonly hashedSecretKey: string;
  readonly fastHashedSecretKey: string | null;
  readonly orgId: string;
  readonly plan: string;
  readonly rateLimitOverrides: readonly unknown[];
  readonly scope: string;
  readonly isIngestionSuspended: boolean;
  readonly isInAppAgentKey: boolean;
}

const nonExistent = 'api-key-non-existent';
const hint = "Confirm that you've configured the correct host.";
const invalid: AuthCheck = { validKey: false, error: `Invalid credentials. ${hint}` };

/** Checks the Authorization header as Langfuse does: Redis, then the fast hash, then bcrypt by public key. */
export async function checkKey(web: KeyPlace, header: string | undefined): Promise<AuthCheck> {
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
  const cached = await readCache(web, hash);
  if (cached === nonExistent) return invalid;
  if (cached !== undefined) return { validKey: true, scope: scopeOf(cached, 'project') };
  const byHash = await findKey(web, 'fast_hashed_secret_key', hash);
  if (byHash !== undefined) {
    await writeCache(web, hash, byHash);
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
    await writeCache(web, hash, nonExistent);
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

/** GETEX: each read starts the time again. With Redis gone this waits for ever, as the real one does. */
async function readCache(web: KeyPlace, hash: string): Promise<KeyRecord | typeof nonExistent | undefined> {
  if (web.redis === undefined || !cacheOn(web)) return undefined;
  const text = await web.redis.getex(`api-key:${hash}`, 'EX', cacheTtlSeconds(web)).catch((error: Error) => {
    web.log.error(`Error fetching key from redis ${error.message}`, error);
    return null;
  });
  if (text === null) return undefined;
  const value = JSON.parse(text) as KeyRecord | string;
  return typeof value === 'string' ? nonExistent : value;
}

async function writeCache(web: KeyPlace, hash: string, value: KeyRecord | typeof nonExistent): Promise<void> {
  if (web.redis === undefined || !cacheOn(web)) return;
  // A full Redis refuses the write; the request goes on without the cache.
  await web.redis
    .set(`api-key:${hash}`, JSON.stringify(value), 'EX', cacheTtlSeconds(web))
    .catch((error: Error) => {
      web.log.error(`Error adding key to redis ${error.message}`, error);
    });
}

const habits: KeyHabits = { findSql, cache: true, cacheSeconds: 300 };

const habitsOf = (web: KeyPlace): KeyHabits => web.keyHabits ?? habits;

const cacheTtlSeconds = (web: KeyPlace): number =>
  web.settings.number('LANGFUSE_CACHE_API_KEY_TTL_SECONDS', habitsOf(web).cacheSeconds);

const cacheOn = (web: KeyPlace): boolean =>
  web.settings.flag('LANGFUSE_CACHE_API_KEY_ENABLED', habitsOf(web).cache);

function findSql(column: KeyColumn): string {
  return `
  SELECT k.id, k.note, k.public_key AS "publicKey", k.display_secret_key AS "displaySecretKey",
    k.created_at AS "createdAt", k.last_used_at AS "lastUsedAt", k.expires_at AS "expiresAt",
    k.project_id AS "projectId", k.hashed_secret_key AS "hashedSecretKey",
    k.fast_hashed_secret_key AS "fastHashedSecretKey", COALESCE(k.organization_id, p.org_id) AS "orgId",
    k.scope, k.is_in_app_agent_key AS "isInAppAgentKey"
  FROM api_keys k LEFT JOIN projects p ON p.id = k.project_id
  WHERE k.${column} = $1 AND (p.id IS NULL OR p.deleted_at IS NULL)`;
}

async function findKey(web: KeyPlace, column: KeyColumn, value: string): Promise<KeyRecord | undefined> {
  try {
    const [row] = await web.postgres.query<SqlRow>(habitsOf(web).findSql(column), [value]);
    if (row === undefined) return undefined;
    const plan =
      web.settings.text('LANGFUSE_EE_LICENSE_KEY') === undefined ? 'oss' : 'self-hosted:enterprise';
    return { ...(row as unknown as KeyRecord), plan, rateLimitOverrides: [], isIngestionSuspended: false };
  } catch (error) {
    if (error instanceof PrismaError)
      web.log.error(`prisma:error\nInvalid \`prisma.apiKey.findUnique()\` invocation:\n\n${error.message}`);
    throw error;
  }
}
