import { isRecord } from '../langfuse/event-check.ts';
import type { KeyPlace } from './auth.ts';

/** The cached record of a key: one line of JSON under `api-key:<fast hash>`. */
export interface KeyRecord {
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

/** What stands in the cache for a pair that no row has. */
export const nonExistent = 'api-key-non-existent';

/** How the cache is kept when no variable says otherwise. */
export interface CacheDefaults {
  /** LANGFUSE_CACHE_API_KEY_ENABLED. */
  readonly cache: boolean;
  /** LANGFUSE_CACHE_API_KEY_TTL_SECONDS. */
  readonly cacheSeconds: number;
}

type CachePlace = Pick<KeyPlace, 'settings' | 'redis' | 'log'>;

const ttlSeconds = ({ settings }: CachePlace, { cacheSeconds }: CacheDefaults): number =>
  settings.number('LANGFUSE_CACHE_API_KEY_TTL_SECONDS', cacheSeconds);

const isOff = ({ settings }: CachePlace, { cache }: CacheDefaults): boolean =>
  !settings.flag('LANGFUSE_CACHE_API_KEY_ENABLED', cache);

/** GETEX: each read starts the time again. With Redis gone this waits for ever, as the real one does. */
export async function readCache(
  place: CachePlace,
  defaults: CacheDefaults,
  hash: string,
): Promise<KeyRecord | typeof nonExistent | undefined> {
  const { redis, log } = place;
  if (redis === undefined || isOff(place, defaults)) return undefined;
  const key = `api-key:${hash}`;
  const text = await redis.getex(key, 'EX', ttlSeconds(place, defaults)).catch((error: Error) => {
    log.error(`Error fetching key from redis ${error.message}`, error);
    return null;
  });
  if (text === null) return undefined;
  const value = cachedValue(text);
  if (value !== undefined) return value;
  log.error('Failed to parse API key from Redis, deleting existing key from cache');
  await redis.del(key);
  return undefined;
}

/** Undefined for what is no record of a key. */
function cachedValue(text: string): KeyRecord | typeof nonExistent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === nonExistent) return nonExistent;
    return isRecord(value) && typeof value['orgId'] === 'string'
      ? (value as unknown as KeyRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A full Redis refuses the write; the request goes on without the cache. */
export async function writeCache(
  place: CachePlace,
  defaults: CacheDefaults,
  hash: string,
  value: KeyRecord | typeof nonExistent,
): Promise<void> {
  if (place.redis === undefined || isOff(place, defaults)) return;
  await place.redis
    .set(`api-key:${hash}`, JSON.stringify(value), 'EX', ttlSeconds(place, defaults))
    .catch((error: Error) => {
      place.log.error(`Error adding key to redis ${error.message}`, error);
    });
}
