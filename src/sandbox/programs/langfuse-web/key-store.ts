import { bcryptHash, displaySecret, fastHash } from '../langfuse/api-key.ts';
import type { Connections } from '../langfuse/connections.ts';
import { uuid } from '../langfuse/ids.ts';
import { insertRow } from '../langfuse/insert.ts';
import type { SqlRow } from '../langfuse/postgres.ts';

/** What writing keys needs of a web server of any generation. */
export type KeyKeeper = Pick<Connections, 'postgres' | 'redis' | 'log' | 'settings' | 'release'>;

/** Whose key it is, and what it is made with. */
export interface NewKey {
  readonly scope: 'PROJECT' | 'ORGANIZATION';
  /** The project's or organisation's id. */
  readonly entityId: string;
  readonly note?: string | undefined;
  /** A pair that is given, not made. */
  readonly pair?: KeyPair | undefined;
  readonly createdByUserId?: string | undefined;
  readonly createdByApiKeyId?: string | undefined;
}

/** A pair in the clear, as only its owner has it. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** A row of api_keys, as far as it is read. */
export interface KeyRow extends SqlRow {
  readonly id: string;
  readonly created_at: Date;
  readonly note: string | null;
  readonly public_key: string;
  readonly display_secret_key: string;
  readonly fast_hashed_secret_key: string | null;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
}

/** A key as the API gives it to whoever made it, the only time with its secret. */
export interface MadeKey extends KeyPair {
  readonly id: string;
  readonly createdAt: Date;
  readonly note: string | null;
  readonly displaySecretKey: string;
}

/** Makes a key, or takes the given pair (packages/shared/src/server/auth/apiKeys.ts). @throws PrismaError */
export async function createKey(keeper: KeyKeeper, key: NewKey): Promise<MadeKey> {
  const { publicKey, secretKey } = key.pair ?? {
    publicKey: `pk-lf-${uuid()}`,
    secretKey: `sk-lf-${uuid()}`,
  };
  const row = await insertRow<KeyRow>(keeper.postgres, 'api_keys', {
    note: key.note,
    public_key: publicKey,
    hashed_secret_key: await bcryptHash(secretKey),
    fast_hashed_secret_key: fastHash(secretKey, keeper.settings.text('SALT') ?? ''),
    display_secret_key: displaySecret(secretKey),
    ...ownerOf(keeper, key),
  });
  const { id, created_at: createdAt, note, display_secret_key: displaySecretKey } = row;
  return { id, createdAt, note, publicKey, secretKey, displaySecretKey };
}

/** Keys of 2 belong to a project; those of 4 know who made them. */
function ownerOf({ release }: KeyKeeper, key: NewKey): Readonly<Record<string, unknown>> {
  const { scope, entityId, createdByUserId, createdByApiKeyId } = key;
  if (release.generation === 2) return { project_id: entityId };
  return {
    scope,
    is_in_app_agent_key: false,
    ...(scope === 'PROJECT' ? { project_id: entityId } : { organization_id: entityId }),
    ...(release.generation >= 4
      ? { created_by_user_id: createdByUserId, created_by_api_key_id: createdByApiKeyId }
      : {}),
  };
}

/** Cache first, row second, as the app does: a request in between puts the key back into the cache. */
export async function deleteKey(keeper: KeyKeeper, row: KeyRow): Promise<void> {
  await invalidate(keeper, [row], `key ${row.id}`);
  await keeper.postgres.query('DELETE FROM api_keys WHERE id = $1', [row.id]);
}

/** Takes keys out of the cache; a row without a fast hash cannot be in it. */
export async function invalidate(keeper: KeyKeeper, rows: readonly KeyRow[], what: string): Promise<void> {
  const { redis, log } = keeper;
  const keys = rows.flatMap(({ fast_hashed_secret_key: hash }) => (hash === null ? [] : [`api-key:${hash}`]));
  if (keys.length === 0) return log.info('No valid keys to invalidate');
  if (redis === undefined) return undefined;
  log.info(`Invalidating API keys in redis for ${what}`);
  await redis.del(...keys);
  return undefined;
}

/** Takes every key out of the cache, misses too. @returns how many there were */
export async function invalidateAll({ redis, settings, log }: KeyKeeper): Promise<number> {
  if (redis === undefined) {
    log.info('No redis client available to invalidate cached API keys');
    return 0;
  }
  const prefix = settings.text('REDIS_KEY_PREFIX') ?? '';
  // The client puts its prefix before keys, and not before patterns.
  const found = await redis.keys(`${prefix}api-key:*`);
  const keys = found.map((key) => key.slice(prefix.length));
  if (keys.length === 0) log.info('No cached API keys to invalidate');
  else await redis.del(...keys);
  return keys.length;
}
