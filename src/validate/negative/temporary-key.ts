import type { Deployment, Generation } from '../../deployment/model.ts';
import { knownness } from '../../deployment/releases.ts';
import type { Secret } from '../../deployment/secret.ts';
import { LfctlError } from '../../errors/error.ts';
import { cacheHabit, clearCache } from '../../keys/cache.ts';
import { keyValues } from '../../keys/create.ts';
import { hashSecret, newPublicKey, newSecretKey } from '../../keys/pair.ts';
import type { KeyRow } from '../../keys/row.ts';
import { deleteKey, insertKey, keyById, keysOfProject } from '../../keys/row.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { KeyCache, Reach } from '../../tenancy/access.ts';
import { newCuid } from '../../tenancy/cuid.ts';
import type { Station } from '../station.ts';

/** What keys are kept in, and by what web finds them. */
export interface KeyStores {
  readonly deployment: Deployment | null;
  readonly generation: Generation;
  readonly version: string | null;
  readonly cache: Reach<KeyCache>;
  /** SALT of web; without it the cache entry of a key cannot be named. */
  readonly salt: Secret | null;
  readonly now: () => Date;
}

/** What tells a key that a killed run has left. */
const note = 'lfctl validate: temporary key';
/** A run with --temporary-key may be a long one. What a killed run leaves opens nothing: its secret went with it. */
const leftMs = 3_600_000;

/** A key pair of the project that lfctl made for itself. */
export interface TemporaryKey {
  readonly publicKey: string;
  readonly secretKey: Secret;
  /** Removes row and cache entry. @param by other connections than those it was made with */
  readonly revoke: (by?: KeyHome) => Promise<void>;
}

/** Connections to what a key is kept in. */
export interface KeyHome {
  readonly postgres: PostgresPort;
  readonly stores: KeyStores;
}

/** Why no key is made here: none could be taken back for sure, or its row is not known to be right. */
export function whyNoKey(stores: KeyStores): string | null {
  const { salt, version, cache } = stores;
  if (knownness(version) !== 'known')
    return `how Langfuse ${version ?? 'of an unknown version'} keeps its keys was not verified`;
  if (salt === null) return 'SALT of web is not known: the key would stay in the cache of keys';
  const { use, why } = cacheHabit(stores);
  return use === 'off' || cache.state === 'open' ? null : `${why}, and Redis cannot be asked: ${cache.why}`;
}

/** Makes one as the app does (src/keys), without a plan: it ends with the run. @throws LfctlError POSTGRES_* */
export async function makeTemporaryKey(
  postgres: PostgresPort,
  stores: KeyStores,
  projectId: string,
): Promise<TemporaryKey> {
  const identity = { id: newCuid(stores.now()), publicKey: newPublicKey() };
  const secretKey = newSecretKey();
  const hashes = await hashSecret(secretKey, stores.salt);
  const project = { id: projectId, name: '' };
  await insertKey(postgres, keyValues(stores, { project, note }, identity, hashes));
  return {
    publicKey: identity.publicKey,
    secretKey,
    revoke: async (by = { postgres, stores }) => {
      // Row first, cache second: in the other order a request in between puts the key back.
      const row = await keyById(by.postgres, identity.id);
      if (row !== null) await by.postgres.change([deleteKey(row.stored)]);
      await clearCache(by.stores, [hashes.fast]);
    },
  };
}

/** Keys of killed runs after clean-up. */
interface LeftKeys {
  readonly left: number;
  /** Why that may not be all; null where it is. */
  readonly unsure: string | null;
}

/**
 * Removes what killed runs have left of their own keys.
 * @param ownKey public key of this run, which is none of them
 */
export async function removeLeftKeys(
  postgres: Station<PostgresPort>,
  stores: KeyStores,
  projectId: string,
  ownKey: string,
): Promise<LeftKeys> {
  if (postgres.state !== 'open') return { left: 0, unsure: null };
  try {
    return await removeOldKeys(postgres.port, stores, projectId, ownKey);
  } catch (error) {
    if (isNoKey(error)) return { left: 0, unsure: error.message };
    throw error;
  }
}

async function removeOldKeys(
  postgres: PostgresPort,
  stores: KeyStores,
  projectId: string,
  ownKey: string,
): Promise<LeftKeys> {
  const made = async (): Promise<KeyRow[]> =>
    (await keysOfProject(postgres, projectId)).filter((row) => row.note === note && row.publicKey !== ownKey);
  const isOld = ({ createdAt }: KeyRow): boolean => stores.now().getTime() - Date.parse(createdAt) > leftMs;
  for (const row of (await made()).filter(isOld)) {
    await postgres.change([deleteKey(row.stored)]);
    await clearCache(stores, [row.fastHash]);
  }
  const there = await made();
  const young = there.filter((row) => !isOld(row)).length;
  return { left: there.length - young, unsure: young === 0 ? null : youngText(young) };
}

const youngText = (count: number): string =>
  `${count} temporary ${count === 1 ? 'key is' : 'keys are'} younger than an hour, and may be of a run under way`;

/** Where a key cannot be made, that is no finding about Langfuse. */
export const isNoKey = (error: unknown): error is LfctlError =>
  error instanceof LfctlError && /^(POSTGRES_|KEY_)/.test(error.code);
