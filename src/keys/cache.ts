/** The cache of keys in Redis: packages/shared/src/server/auth/invalidateApiKeys.ts of langfuse/langfuse. */
import { envText, envUnknown } from '../deployment/resolve-env.ts';
import { coverage, spanOf } from '../deployment/releases.ts';
import { LfctlError } from '../errors/error.ts';
import type { KeyCache, Tenancy } from '../tenancy/access.ts';

/** Whether web keeps keys in Redis, and for how long after their last use. */
export interface CacheHabit {
  readonly use: 'on' | 'off' | 'unknown';
  /** By what it is known, or why it is not. */
  readonly why: string;
  /** Each use begins it anew. */
  readonly ttlSeconds: number;
}

type Habits = Pick<Tenancy, 'deployment' | 'generation' | 'version' | 'cache'>;

/** On since 3.81.0; 2 has it switched off, and needs a Redis for it (web/src/env.mjs). */
const onSince = '3.81.0-';
const variable = 'LANGFUSE_CACHE_API_KEY_ENABLED';

/** By the variables of every web workload, else by the version. */
export function cacheHabit(tenancy: Habits): CacheHabit {
  const ttlSeconds = ttlOf(tenancy);
  const webs = tenancy.deployment?.components.filter(({ role }) => role === 'web') ?? [];
  const said = webs.map(({ env }) => envText(env, variable));
  if (said.includes('true')) return { use: 'on', why: `${variable} is true`, ttlSeconds };
  const hidden = webs.map(({ env }) => envUnknown(env, variable)).find((why) => why !== null);
  if (hidden !== undefined) return { use: 'unknown', why: `${variable}: ${hidden}`, ttlSeconds };
  if (webs.length > 0 && said.every((value) => value === 'false'))
    return { use: 'off', why: `${variable} is false`, ttlSeconds };
  return { ...byVersion(tenancy, webs.length > 0), ttlSeconds };
}

function byVersion(
  { version, generation, cache }: Habits,
  isVariableKnown: boolean,
): Pick<CacheHabit, 'use' | 'why'> {
  const release = `Langfuse ${version ?? String(generation ?? 'of an unknown version')}`;
  const covered = generation === null ? 'some' : coverage(onSince, spanOf(version, generation));
  if (covered === 'all') return { use: 'on', why: `${release} caches keys by default` };
  if (covered === 'some') return { use: 'unknown', why: `${release} may cache keys` };
  if (isVariableKnown) return { use: 'off', why: `${release} does not cache keys by default` };
  // Without the variables of web, a Redis that was named is reason enough to look into it.
  return cache.state === 'skipped'
    ? { use: 'off', why: `${release} does not cache keys by default, and no Redis is named` }
    : { use: 'unknown', why: `${variable} of web is not known` };
}

function ttlOf({ deployment, generation }: Habits): number {
  const web = deployment?.components.find(({ role }) => role === 'web');
  const said = web === undefined ? null : envText(web.env, 'LANGFUSE_CACHE_API_KEY_TTL_SECONDS');
  const seconds = Number(said ?? '');
  return seconds > 0 ? seconds : generation === 2 ? 120 : 300;
}

/** The name of a key's entry; no form of Redis gives it another one. */
export const cacheName = ({ prefix }: Pick<KeyCache, 'prefix'>, hash: string): string =>
  `${prefix}api-key:${hash}`;

/** What removing entries came to. */
export type Cleared =
  | { readonly state: 'cleared'; readonly entries: number }
  /** There is no cache to clear. */
  | { readonly state: 'none'; readonly why: string };

/**
 * Removes the entries of these hashes, those that deny a key too, in every form they may have.
 * @throws LfctlError KEY_CACHE_LEFT where entries may be there and Redis could not be asked
 */
export async function clearCache(tenancy: Habits, hashes: readonly (string | null)[]): Promise<Cleared> {
  const { use, why, ttlSeconds } = cacheHabit(tenancy);
  const { cache } = tenancy;
  if (cache.state !== 'open' && use === 'off') return { state: 'none', why };
  const known = hashes.filter((hash) => hash !== null);
  if (known.length === 0) return { state: 'none', why: 'a key without a fast hash was never cached' };
  if (cache.state !== 'open')
    throw cacheLeft(`${why}, and Redis could not be asked: ${cache.why}`, ttlSeconds);
  try {
    let entries = 0;
    for (const name of await namesOf(tenancy, cache.port, known))
      entries += Number(await cache.port.redis.call('DEL', name));
    return { state: 'cleared', entries };
  } catch (error) {
    if (error instanceof LfctlError) throw cacheLeft(error.message, ttlSeconds, error);
    throw error;
  }
}

/** One command per name: in a cluster each is on a node of its own. */
async function namesOf(
  { deployment }: Habits,
  cache: KeyCache,
  hashes: readonly string[],
): Promise<readonly string[]> {
  const plain = hashes.map((hash) => cacheName(cache, hash));
  // REDIS_KEY_PREFIX is known from the variables of web alone.
  if (deployment !== null) return plain;
  const found = await Promise.all(
    hashes.map(async (hash) => await cache.redis.scan(`*api-key:${hash}`, prefixesAtMost)),
  );
  return [...new Set([...plain, ...found.flat()])];
}

const prefixesAtMost = 100;

const cacheLeft = (why: string, ttlSeconds: number, cause?: unknown): LfctlError =>
  new LfctlError('KEY_CACHE_LEFT', {
    message: `a cached copy of the key may be left: ${why}. Web may go by it until ${String(ttlSeconds)} s after its last use`,
    cause,
  });

/** A cache entry as it is now. */
export interface CacheEntry {
  /** Since the key was last used, in seconds; each use sets the time to live anew. */
  readonly idleSeconds: number;
  /** The entry denies the key: no such row was there when it was asked for. */
  readonly denies: boolean;
}

/** Entries by hash; a hash without one is left out. @throws LfctlError REDIS_* */
export async function cacheEntries(
  cache: KeyCache,
  hashes: readonly string[],
  ttlSeconds: number,
): Promise<ReadonlyMap<string, CacheEntry>> {
  const found = new Map<string, CacheEntry>();
  if (hashes.length === 0) return found;
  const replies = await cache.redis.pipeline(
    hashes.flatMap((hash) => [
      ['PTTL', cacheName(cache, hash)] as const,
      // The record holds hashes; its beginning tells a record from a denial.
      ['GETRANGE', cacheName(cache, hash), 0, 0] as const,
    ]),
  );
  hashes.forEach((hash, index) => {
    const leftMs = Number(replies[2 * index]);
    if (leftMs < 0) return;
    found.set(hash, {
      idleSeconds: Math.max(0, ttlSeconds - leftMs / 1000),
      denies: replies[2 * index + 1] === '"',
    });
  });
  return found;
}
