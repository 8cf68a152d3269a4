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
  /** Removes row and cache entry. */
  readonly revoke: () => Promise<void>;
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
    revoke: async () => {
      // Row first, cache second: in the other order a request in between puts the key back.
      const row = await keyById(postgres, identity.id);
      if (row !== null) await postgres.change([deleteKey(row.stored)]);
      await clearCache(stores, [hashes.fast]);
    },
  };
}

/** Removes what killed runs have left of their own keys, and gives how many are there still. */
export async function removeLeftKeys(
  postgres: Station<PostgresPort>,
  stores: KeyStores,
  projectId: string,
): Promise<number> {
  if (postgres.state !== 'open') return 0;
  const { port } = postgres;
  const left = async (): Promise<KeyRow[]> =>
    (await keysOfProject(port, projectId)).filter(
      (row) => row.note === note && stores.now().getTime() - Date.parse(row.createdAt) > leftMs,
    );
  for (const row of await left()) {
    await port.change([deleteKey(row.stored)]);
    await clearCache(stores, [row.fastHash]);
  }
  return (await left()).length;
}

/** Where a key cannot be made, that is no finding about Langfuse. */
export const isNoKey = (error: unknown): error is LfctlError =>
  error instanceof LfctlError && /^(POSTGRES_|KEY_)/.test(error.code);
