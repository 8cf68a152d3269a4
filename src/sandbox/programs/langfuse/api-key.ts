import { createHash } from 'node:crypto';

/** Langfuse's fast hash: sha256 over the secret and the hex sha256 of SALT (packages/shared/src/server/auth/apiKeys.ts). */
export function fastHash(secretKey: string, salt: string): string {
  const saltHash = createHash('sha256').update(salt, 'utf8').digest('hex');
  return createHash('sha256').update(secretKey).update(saltHash).digest('hex');
}

/** What the UI shows of a secret: first six and last four characters. */
export function displaySecret(secretKey: string): string {
  return `${secretKey.slice(0, 6)}...${secretKey.slice(-4)}`;
}

/** bcrypt with Langfuse's cost for API keys, 11, and the `$2a$` of its bcryptjs 2; that of today writes `$2b$`. */
export async function bcryptHash(secret: string, cost = 11): Promise<string> {
  const { genSalt, hash } = (await import('bcryptjs')).default;
  return await hash(secret, (await genSalt(cost)).replace('$2b$', '$2a$'));
}

/** Whether a secret matches its bcrypt hash; a hash that is none does not match. */
export async function bcryptMatches(secret: string, hash: string): Promise<boolean> {
  const { compare } = (await import('bcryptjs')).default;
  return await compare(secret, hash).catch(() => false);
}
