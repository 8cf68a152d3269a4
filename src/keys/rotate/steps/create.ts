import { LfctlError } from '../../../errors/error.ts';
import type { Json } from '../../../plan/json.ts';
import type { Step } from '../../../plan/plan.ts';
import { clearCache } from '../../cache.ts';
import { removeKey } from '../../create.ts';
import { hashSecret, newSecretKey } from '../../pair.ts';
import { prove } from '../../prove.ts';
import type { StoredKey } from '../../row.ts';
import { insertKey, keyByPublic, text } from '../../row.ts';
import type { Rotation } from '../input.ts';
import { nextPair } from '../pairs.ts';
import type { Work } from '../work.ts';

/**
 * Makes the new key beside the old one. Its secret is in no journal: a run that was killed before a Secret had it
 * makes another one under the same public key.
 */
export function createStep(work: Work): Step {
  const { rotation, tenancy } = work;
  return {
    id: `create-key:${rotation.publicKey}`,
    text: `make a new key in project ${rotation.project} beside ${rotation.publicKey}`,
    undo: 'delete the new key, its row and cache entry',
    intent: { ...rotation.next },
    recheck: async () => await requireOld(work),
    apply: async (): Promise<Json> => {
      await make(work);
      return { ...rotation.next };
    },
    revert: async () => await removeKey(tenancy, rotation.next),
  };
}

/**
 * Another rotation may have been quicker while this one waited for the lock. Once a Secret has the new pair, the others
 * are to have it too, whatever became of the old key. @throws LfctlError PLAN_STALE
 */
async function requireOld(work: Work): Promise<void> {
  const { publicKey, old } = work.rotation;
  const row = await keyByPublic(work.postgres, publicKey);
  if (row !== null && row.id === text(old, 'id')) return;
  if ((await nextPair(work)) !== null) return;
  throw new LfctlError('PLAN_STALE', { message: `${publicKey} was revoked meanwhile; nothing was changed` });
}

async function make(work: Work): Promise<void> {
  const { tenancy, postgres, rotation, pairs } = work;
  const { publicKey } = rotation.next;
  const isThere = (await nextPair(work)) !== null;
  const secretKey = pairs.next?.secretKey ?? newSecretKey();
  const hashes = await hashSecret(secretKey, tenancy.salt);
  if (!isThere) {
    // The orphan of a run that was killed.
    await removeKey(tenancy, rotation.next);
    await insertKey(postgres, successor(rotation, hashes, tenancy.now()));
  }
  const clear = async (): Promise<unknown> => await clearCache(tenancy, [hashes.fast]);
  await clear();
  await prove(tenancy, { publicKey, secretKey }, { wanted: 'accepted', again: clear });
  // What is in the cache from now on was put there by others than this proof.
  await clear();
  pairs.next = { publicKey, secretKey };
}

/** The old row with what is the new key's own: project or organisation, scope and note stay. */
function successor(
  { old, next }: Rotation,
  hashes: Awaited<ReturnType<typeof hashSecret>>,
  now: Date,
): StoredKey {
  const {
    last_used_at: _used,
    expires_at: _expires,
    created_by_user_id: _user,
    created_by_api_key_id: _key,
    ...kept
  } = old;
  return {
    ...kept,
    id: next.id,
    created_at: now.toISOString().slice(0, -1),
    public_key: next.publicKey,
    hashed_secret_key: hashes.hashed,
    display_secret_key: hashes.display,
    fast_hashed_secret_key: hashes.fast,
  };
}
