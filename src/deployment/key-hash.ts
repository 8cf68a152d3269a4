import { createHash } from 'node:crypto';

/**
 * Langfuse's fast hash of a secret key: hex sha256 over the secret and the hex sha256 of SALT
 * (packages/shared/src/server/auth/apiKeys.ts of langfuse/langfuse). A row and its cache entry are found by it.
 */
export function fastHash(secretKey: string, salt: string): string {
  const inner = createHash('sha256').update(salt, 'utf8').digest('hex');
  return createHash('sha256').update(secretKey).update(inner).digest('hex');
}
