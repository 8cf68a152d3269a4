import type { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Json } from '../plan/json.ts';
import type { Step } from '../plan/plan.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import type { Cleared } from './cache.ts';
import { clearCache } from './cache.ts';
import { pause } from './pause.ts';
import type { Proof } from './prove.ts';
import { prove } from './prove.ts';
import type { StoredKey } from './row.ts';
import { deleteKey, insertKey, keyById, text } from './row.ts';

/** A key that is to go. */
export interface RevokedKey {
  /** As it was looked at, or from the journal. */
  readonly stored: StoredKey;
  /** Where it is known, web is asked as a client would; else only whether it knows the row. */
  readonly secretKey: Secret | null;
}

/** What a revocation came to. */
export interface Revocation {
  readonly publicKey: string;
  readonly cleared: Cleared;
  readonly proof: Proof;
  /** From the row's deletion to the last proof, in milliseconds. */
  readonly ms: number;
}

/** The step and, once it was applied in this process, what it came to. */
export interface KeyRevocation {
  readonly step: Step;
  readonly done: () => Revocation | null;
}

/**
 * Row gone, then every cache entry, then no web pod lets it in. The row holds hashes alone, so the journal keeps it,
 * and undoing puts it back as it was.
 */
export function revokeKeyStep(tenancy: Tenancy, key: RevokedKey): KeyRevocation {
  const publicKey = text(key.stored, 'public_key') ?? '';
  let done: Revocation | null = null;
  const step: Step = {
    id: `revoke-key:${publicKey}`,
    text: `revoke ${publicKey}: delete its row and cache entries, and see it refused by each web pod`,
    undo: 'put the row back as it was; the pair works again',
    intent: { row: key.stored },
    apply: async (control) => {
      const stored = rowOf(control.record(step.id)) ?? key.stored;
      const { row, ...result } = await revoke(tenancy, { ...key, stored });
      done = result;
      return { row, ms: result.ms };
    },
    revert: async (record) => await putBack(tenancy, rowOf(record) ?? key.stored, key.secretKey),
  };
  return { step, done: () => done };
}

/** The row that a record or an intent of `revokeKeyStep` holds. */
export function rowOf(record: Json | undefined): StoredKey | null {
  if (typeof record !== 'object' || record === null || !('row' in record)) return null;
  const { row } = record;
  return typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as StoredKey) : null;
}

async function revoke(
  tenancy: Tenancy,
  { stored, secretKey }: RevokedKey,
): Promise<Revocation & { readonly row: StoredKey }> {
  const publicKey = text(stored, 'public_key') ?? '';
  const row = await deleteRow(need(tenancy.postgres, 'keys are revoked in Postgres'), stored);
  const startedMs = performance.now();
  const hashes = [row, stored].map((one) => text(one, 'fast_hashed_secret_key'));
  const clear = async (): Promise<Cleared> => await clearCache(tenancy, [...new Set(hashes)]);
  const cleared = await sweep(clear);
  const proof = await prove(tenancy, { publicKey, secretKey }, { wanted: 'refused', again: clear });
  return { row, publicKey, cleared, proof, ms: Math.round(performance.now() - startedMs) };
}

/** Gives the row as it went. One that is gone already was deleted by a run that was killed, or by somebody else. */
async function deleteRow(postgres: PostgresPort, stored: StoredKey): Promise<StoredKey> {
  for (let tries = 0; ; tries += 1) {
    const now = await keyById(postgres, text(stored, 'id') ?? '');
    if (now === null) return stored;
    try {
      await postgres.change([deleteKey(now.stored)]);
      return now.stored;
    } catch (error) {
      if (!(error instanceof LfctlError) || error.code !== 'POSTGRES_CHANGED' || tries >= 3) throw error;
    }
  }
}

/**
 * A request that read the row before it went writes its cache entry after the first removal: what takes web a few
 * milliseconds is waited for.
 */
const sweepsMs = [0, 40, 160];

async function sweep(clear: () => Promise<Cleared>): Promise<Cleared> {
  let entries = 0;
  for (const ms of sweepsMs) {
    if (ms > 0) await pause(ms);
    const cleared = await clear();
    if (cleared.state === 'none') return cleared;
    entries += cleared.entries;
  }
  return { state: 'cleared', entries };
}

/** The row as it was; whoever made it may be gone by now. */
async function putBack(tenancy: Tenancy, stored: StoredKey, secretKey: Secret | null): Promise<void> {
  const postgres = need(tenancy.postgres, 'keys are put back into Postgres');
  const id = text(stored, 'id') ?? '';
  if ((await keyById(postgres, id)) === null) await insertKey(postgres, await withLiving(postgres, stored));
  const hashes = [text(stored, 'fast_hashed_secret_key')];
  const clear = async (): Promise<Cleared> => await clearCache(tenancy, hashes);
  // A denial that a request in flight writes after the first removal would outlive it.
  await sweep(clear);
  const publicKey = text(stored, 'public_key') ?? '';
  await prove(tenancy, { publicKey, secretKey }, { wanted: 'accepted', again: clear });
}

interface Living {
  readonly user: boolean;
  readonly key: boolean;
}

/** A deleted maker's reference is null, as ON DELETE SET NULL would have made it. */
async function withLiving(postgres: PostgresPort, stored: StoredKey): Promise<StoredKey> {
  const [living] = await postgres.query<Living>(
    `select exists (select from users where id = $1) as user, exists (select from api_keys where id = $2) as key`,
    [text(stored, 'created_by_user_id'), text(stored, 'created_by_api_key_id')],
  );
  return {
    ...stored,
    ...(living?.user === true ? {} : { created_by_user_id: null }),
    ...(living?.key === true ? {} : { created_by_api_key_id: null }),
  };
}
