import type { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Json } from '../plan/json.ts';
import type { Step, StepControl } from '../plan/plan.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import { newCuid } from '../tenancy/cuid.ts';
import type { Cleared } from './cache.ts';
import { clearCache } from './cache.ts';
import type { KeyPair, SecretHashes } from './pair.ts';
import { hashSecret, newPublicKey, newSecretKey } from './pair.ts';
import type { ProjectRef } from './project.ts';
import type { Proof } from './prove.ts';
import { proveNew } from './prove.ts';
import type { StoredKey } from './row.ts';
import { deleteKey, insertKey, keyByHash, keyById, keyByPublic } from './row.ts';

/** What tells a key before it has a secret: fixed by the plan, so that a killed run finds its orphan. */
export interface KeyIdentity {
  readonly id: string;
  readonly publicKey: string;
}

/** A key that is to be. */
export interface NewKey {
  readonly project: Pick<ProjectRef, 'id' | 'name'>;
  readonly note: string | null;
  /** A pair that is given, not made. */
  readonly pair?: KeyPair;
  /** What a row keeps of the secret; bcrypt takes its time on purpose. */
  readonly hash?: typeof hashSecret;
  /** From the journal, for a run that is gone on with. */
  readonly identity?: KeyIdentity;
  /**
   * Hands the pair out while it is known: a secret is never journalled, so a run that was killed before this ends
   * makes another one. Gives what `withdraw` needs.
   */
  readonly deliver?: (made: MadeKey, control: StepControl) => Promise<Json>;
  readonly withdraw?: (delivered: Json | undefined, control: StepControl) => Promise<void>;
}

/** A key that was made, the only time with its secret. */
export interface MadeKey extends KeyIdentity {
  readonly secretKey: Secret;
  readonly displaySecret: string;
  readonly note: string | null;
  readonly project: Pick<ProjectRef, 'id' | 'name'>;
  readonly cleared: Cleared;
  readonly proof: Proof;
}

/** The step and, once it was applied in this process, the key. */
export interface KeyCreation {
  readonly step: Step;
  readonly identity: KeyIdentity;
  readonly made: () => MadeKey | null;
}

/** Makes one key in Postgres as the app does, clears what denies it, sees it accepted, and hands it out. */
export function createKeyStep(tenancy: Tenancy, key: NewKey): KeyCreation {
  const identity = key.identity ?? {
    id: newCuid(tenancy.now()),
    publicKey: key.pair?.publicKey ?? newPublicKey(),
  };
  let made: MadeKey | null = null;
  const note = key.note === null ? '' : ` '${key.note}'`;
  const step: Step = {
    id: `create-key:${key.project.id}:${key.note ?? ''}`,
    text: `make the API key${note} in project ${key.project.name}`,
    undo: 'delete the row and its cache entry',
    intent: { ...identity },
    apply: async (control) => {
      const own = identityOf(control.record(step.id)) ?? identity;
      made = await make(tenancy, key, own);
      const delivered = await key.deliver?.(made, control);
      return { ...own, ...(delivered === undefined ? {} : { delivered }) };
    },
    revert: async (record, control) => {
      const { delivered } = record as { readonly delivered?: Json };
      await key.withdraw?.(delivered, control);
      await removeKey(tenancy, identityOf(record) ?? identity);
    },
  };
  return { step, identity, made: () => made };
}

/** The identity that a record or an intent of `createKeyStep` names. */
export function identityOf(record: Json | undefined): KeyIdentity | null {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return null;
  const { id, publicKey } = record as { readonly id?: Json; readonly publicKey?: Json };
  return typeof id === 'string' && typeof publicKey === 'string' ? { id, publicKey } : null;
}

async function make(tenancy: Tenancy, key: NewKey, identity: KeyIdentity): Promise<MadeKey> {
  const postgres = need(tenancy.postgres, 'keys are made in Postgres');
  const secretKey = key.pair?.secretKey ?? newSecretKey();
  const hashes = await (key.hash ?? hashSecret)(secretKey, tenancy.salt);
  // What a killed run of this plan has left: its secret is lost.
  await removeKey(tenancy, identity);
  await refuseTaken(postgres, identity, hashes);
  await insertKey(postgres, keyValues(tenancy, key, identity, hashes));
  const cleared = await clearCache(tenancy, [hashes.fast]);
  const again = async (): Promise<unknown> => await clearCache(tenancy, [hashes.fast]);
  const shown = { publicKey: identity.publicKey, secretKey };
  const proof = await proveNew(tenancy, shown, again);
  // The proof is no use of the key: what the cache says of its last use is to be a client's.
  await again();
  const { note, project } = key;
  return { ...identity, secretKey, displaySecret: hashes.display, note, project, cleared, proof };
}

/** Exactly what the app writes for a key that is made by its project API (web/src/ee/features/admin-api). */
export function keyValues(
  { now }: Pick<Tenancy, 'now'>,
  { project, note }: Pick<NewKey, 'project' | 'note'>,
  { id, publicKey }: KeyIdentity,
  hashes: SecretHashes,
): StoredKey {
  return {
    id,
    created_at: now().toISOString().slice(0, -1),
    note,
    public_key: publicKey,
    hashed_secret_key: hashes.hashed,
    display_secret_key: hashes.display,
    fast_hashed_secret_key: hashes.fast,
    project_id: project.id,
    scope: 'PROJECT',
    is_in_app_agent_key: false,
  };
}

/** @throws LfctlError KEY_EXISTS */
async function refuseTaken(
  postgres: PostgresPort,
  { publicKey }: KeyIdentity,
  { fast }: SecretHashes,
): Promise<void> {
  const taken =
    (await keyByPublic(postgres, publicKey)) ?? (fast === null ? null : await keyByHash(postgres, fast));
  if (taken === null) return;
  const which = taken.publicKey === publicKey ? `the public key ${publicKey}` : 'this secret';
  throw new LfctlError('KEY_EXISTS', {
    message: `${which} is that of a key of ${taken.projectName ?? 'an organisation'} (${taken.publicKey})`,
  });
}

/** Row first, cache second: in the other order a request in between puts the key back. */
export async function removeKey(tenancy: Tenancy, { id, publicKey }: KeyIdentity): Promise<void> {
  const postgres = need(tenancy.postgres, 'keys are removed from Postgres');
  const row = await keyById(postgres, id);
  if (row === null || row.publicKey !== publicKey) return;
  await postgres.change([deleteKey(row.stored)]);
  await clearCache(tenancy, [row.fastHash]);
}
