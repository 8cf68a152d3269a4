/** Key pairs as Langfuse makes and keeps them: packages/shared/src/server/auth/apiKeys.ts of langfuse/langfuse. */
import { randomUUID } from 'node:crypto';
import { compare, genSalt, hash } from 'bcryptjs';
import { fastHash } from '../deployment/key-hash.ts';
import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';

/** A pair in the clear, as only its owner has it. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: Secret;
}

/** What a row keeps of a secret. */
export interface SecretHashes {
  /** bcrypt with cost 11. */
  readonly hashed: string;
  /** Null where SALT is not known: web fills it in at the first request. */
  readonly fast: string | null;
  /** `sk-lf-...1234`. */
  readonly display: string;
}

const cost = 11;

/** A new public key, `pk-lf-` and a UUID. */
export const newPublicKey = (): string => `pk-lf-${randomUUID()}`;
/** A new secret, `sk-lf-` and a UUID. */
export const newSecretKey = (): Secret => new Secret(`sk-lf-${randomUUID()}`);

/** First six and last four characters, as the UI shows them. */
export const displaySecret = (secretKey: string): string =>
  `${secretKey.slice(0, 6)}...${secretKey.slice(-4)}`;

/** All that a row keeps of a secret. */
export async function hashSecret(secretKey: Secret, salt: Secret | null): Promise<SecretHashes> {
  const secret = secretKey.reveal();
  return {
    hashed: await bcryptHash(secret, cost),
    fast: salt === null ? null : fastHash(secret, salt.reveal()),
    display: displaySecret(secret),
  };
}

/** With the marker `$2a$` of the bcryptjs 2 that Langfuse runs; the hash itself is the same under `$2b$`. */
export async function bcryptHash(secret: string, rounds: number): Promise<string> {
  const salt = await genSalt(rounds);
  return await hash(secret, salt.replace(/^\$2b\$/, '$2a$'));
}

/** Whether a secret is the one that a row was made with. A hash that is none does not match. */
export async function matches(secretKey: Secret, hashed: string): Promise<boolean> {
  return await compare(secretKey.reveal(), hashed).catch(() => false);
}

/** Reads a pair from JSON or `NAME=value` lines. @throws LfctlError KEY_PAIR_INVALID, without what was given */
export function parsePair(text: string, from: string): KeyPair {
  const publicKey = valueOf(text, 'PUBLIC');
  const secretKey = valueOf(text, 'SECRET');
  if (publicKey !== undefined && secretKey !== undefined)
    return { publicKey, secretKey: new Secret(secretKey) };
  const missing = publicKey === undefined ? 'public' : 'secret';
  throw new LfctlError('KEY_PAIR_INVALID', { message: `${from} has no ${missing} key` });
}

const valueOf = (text: string, half: 'PUBLIC' | 'SECRET'): string | undefined =>
  new RegExp(`(?:LANGFUSE_)?${half}_?KEY["']?\\s*[=:]\\s*["']?([^\\s"',}]+)`, 'i').exec(text)?.[1];

/** Langfuse takes only such pairs from others; those of LANGFUSE_INIT_* may be any. @throws LfctlError KEY_PAIR_INVALID */
export function requirePrefixes({ publicKey, secretKey }: KeyPair): void {
  if (publicKey.startsWith('pk-lf-') && secretKey.reveal().startsWith('sk-lf-')) return;
  throw new LfctlError('KEY_PAIR_INVALID', {
    message: 'a key of the given pair does not begin with pk-lf- or sk-lf-',
  });
}
