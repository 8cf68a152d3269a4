import { fastHash } from '../deployment/key-hash.ts';
import { Secret } from '../deployment/secret.ts';
import type { KnownKeys } from './consumers/marks.ts';
import { displaySecret, matches } from './pair.ts';
import type { KeyRow } from './row.ts';

/** What of a row its secret is known by. */
type Recognised = Pick<KeyRow, 'publicKey' | 'fastHash' | 'hashed' | 'displaySecret'>;

/**
 * The keys of a deployment, for finding them in texts. A secret is known by its fast hash; where SALT is not known,
 * or was changed since, by bcrypt, which is tried only where the visible ends fit.
 */
export function knownKeys(rows: readonly Recognised[], salt: Secret | null): KnownKeys {
  const byHash = new Map(rows.map(({ fastHash: hash, publicKey }) => [hash, publicKey]));
  const seen = new Map<string, Promise<string | null>>();
  const find = async (text: string): Promise<string | null> => {
    const hash = salt === null ? null : fastHash(text, salt.reveal());
    const found = hash === null ? undefined : byHash.get(hash);
    return found ?? (await bySlowHash(rows, text));
  };
  return {
    publicKeys: new Set(rows.map(({ publicKey }) => publicKey)),
    ofSecret: async (text) => {
      const asked = seen.get(text) ?? find(text);
      seen.set(text, asked);
      return await asked;
    },
  };
}

async function bySlowHash(rows: readonly Recognised[], text: string): Promise<string | null> {
  const display = displaySecret(text);
  for (const row of rows)
    if (row.displaySecret === display && (await matches(new Secret(text), row.hashed))) return row.publicKey;
  return null;
}
