/** Watches two keys by their cache entries: web renews an entry with each use. */
import { LfctlError } from '../../errors/error.ts';
import type { StepControl } from '../../plan/plan.ts';
import type { KeyCache } from '../../tenancy/access.ts';
import { cacheEntries, cacheHabit, cacheName } from '../cache.ts';
import { keyById, text } from '../row.ts';
import type { Work } from './work.ts';

/** What was seen while the old key became idle. */
export interface Drained {
  /** How long the old key had not been used at the end, in milliseconds. */
  readonly idleMs: number;
  /** Whether somebody used the new one meanwhile; null where use leaves no trace. */
  readonly isNewUsed: boolean | null;
  /** How often the old one was seen in use after all known consumers had the new one. */
  readonly oldUses: number;
}

const lookMs = 1000;

/**
 * Waits until the old key was idle for the grace. Its entry is removed at each look: it comes back with the next use
 * and not otherwise, whatever its time to live is.
 * @throws LfctlError ROTATE_STILL_USED
 */
export async function drain(work: Work, control: StepControl): Promise<Drained> {
  const { waits, clock, rotation } = work;
  const startedMs = clock.nowMs();
  const seen = { idleSinceMs: startedMs, isNewUsed: false, oldUses: 0, trouble: '' };
  await look(work, seen);
  // What was in the cache until now was used before the last consumer had the new pair.
  Object.assign(seen, { idleSinceMs: clock.nowMs(), oldUses: 0 });
  for (;;) {
    const idleMs = clock.nowMs() - seen.idleSinceMs;
    if (idleMs >= waits.graceMs)
      return { idleMs, isNewUsed: waits.isSeen ? seen.isNewUsed : null, oldUses: seen.oldUses };
    if (clock.nowMs() - startedMs >= waits.maxWaitMs + waits.graceMs) throw stillUsed(work, seen, idleMs);
    control.progress(
      `${rotation.publicKey} idle for ${seconds(idleMs)} of ${seconds(waits.graceMs)}${seen.trouble}`,
    );
    await clock.pause(Math.min(lookMs, Math.max(1, waits.graceMs - idleMs)), control.signal);
    await look(work, seen);
  }
}

const seconds = (ms: number): string => `${String(Math.floor(ms / 1000))} s`;

interface Seen {
  idleSinceMs: number;
  isNewUsed: boolean;
  oldUses: number;
  trouble: string;
}

/** A cache that does not answer shows no idleness either: the time begins anew. */
async function look(work: Work, seen: Seen): Promise<void> {
  const { waits, clock, tenancy } = work;
  if (!waits.isSeen) return;
  try {
    if (tenancy.cache.state !== 'open') throw tenancyLost(tenancy.cache.why);
    const { old, next } = await usesOf(work, tenancy.cache.port);
    if (next) seen.isNewUsed = true;
    if (old) Object.assign(seen, { idleSinceMs: clock.nowMs(), oldUses: seen.oldUses + 1 });
    seen.trouble = '';
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    Object.assign(seen, { idleSinceMs: clock.nowMs(), trouble: ` (${error.message})` });
  }
}

const tenancyLost = (message: string): LfctlError => new LfctlError('REDIS_CLOSED', { message });

/** Whether each key has an entry now; the old one's is removed. */
async function usesOf(
  work: Work,
  cache: KeyCache,
): Promise<{ readonly old: boolean; readonly next: boolean }> {
  const { rotation, tenancy } = work;
  const [old, next] = await Promise.all([
    hashOf(work, text(rotation.old, 'id') ?? '', text(rotation.old, 'fast_hashed_secret_key')),
    hashOf(work, rotation.next.id, null),
  ]);
  const hashes = [old, next].filter((hash) => hash !== null);
  const entries = await cacheEntries(cache, hashes, cacheHabit(tenancy).ttlSeconds);
  const isUsed = old !== null && entries.has(old);
  if (isUsed) await cache.redis.call('DEL', cacheName(cache, old));
  return { old: isUsed, next: next !== null && entries.has(next) };
}

/** A row that was made without SALT gets its hash with its first use. */
async function hashOf({ postgres }: Work, id: string, known: string | null): Promise<string | null> {
  return known ?? (await keyById(postgres, id))?.fastHash ?? null;
}

function stillUsed({ rotation, waits }: Work, { oldUses, trouble }: Seen, idleMs: number): LfctlError {
  const used = `${rotation.publicKey} was used ${String(oldUses)} times since its consumers have the new pair, last ${seconds(idleMs)} ago`;
  const unseen = `whether ${rotation.publicKey} is used could not be seen${trouble}`;
  return new LfctlError('ROTATE_STILL_USED', {
    message: `${oldUses === 0 ? unseen : used}; it was to be idle for ${seconds(waits.graceMs)}. Both keys work; nothing was revoked`,
  });
}
