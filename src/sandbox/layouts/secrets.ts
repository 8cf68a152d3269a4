import { createHash, createHmac } from 'node:crypto';

/** The secret values of one sandbox. All follow from the seed, so that a sandbox can be made again. */
export interface SandboxSecrets {
  readonly POSTGRES_PASSWORD: string;
  readonly CLICKHOUSE_PASSWORD: string;
  readonly REDIS_PASSWORD: string;
  readonly MINIO_ACCESS_KEY: string;
  readonly MINIO_SECRET_KEY: string;
  readonly NEXTAUTH_SECRET: string;
  readonly SALT: string;
  readonly ENCRYPTION_KEY: string;
  readonly LITELLM_MASTER_KEY: string;
  readonly PUBLIC_KEY: string;
  readonly SECRET_KEY: string;
  readonly USER_PASSWORD: string;
}

/** Secrets of a seed: practice values, never for anything that others can reach. */
export function seededSecrets(seed: string): SandboxSecrets {
  const hex = (purpose: string, length: number): string =>
    createHmac('sha512', seed).update(purpose).digest('hex').slice(0, length);
  return {
    POSTGRES_PASSWORD: hex('postgres', 32),
    CLICKHOUSE_PASSWORD: hex('clickhouse', 32),
    REDIS_PASSWORD: hex('redis', 32),
    MINIO_ACCESS_KEY: hex('minio-user', 20),
    MINIO_SECRET_KEY: hex('minio', 40),
    NEXTAUTH_SECRET: createHmac('sha256', seed).update('nextauth').digest('base64'),
    SALT: createHmac('sha256', seed).update('salt').digest('base64'),
    ENCRYPTION_KEY: hex('encryption', 64),
    LITELLM_MASTER_KEY: `sk-${hex('litellm', 32)}`,
    PUBLIC_KEY: `pk-lf-${uuid(hex('public-key', 32))}`,
    SECRET_KEY: `sk-lf-${uuid(hex('secret-key', 32))}`,
    USER_PASSWORD: hex('user', 24),
  };
}

/** 32 hex digits in the form of a UUID of version 4. */
function uuid(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/**
 * What Langfuse stores to find a secret key fast: sha256 over the key and the hex sha256 of SALT
 * (packages/shared/src/server/auth/apiKeys.ts of Langfuse).
 */
export function fastHash(secretKey: string, salt: string): string {
  const saltDigest = createHash('sha256').update(salt, 'utf8').digest('hex');
  return createHash('sha256').update(secretKey).update(saltDigest).digest('hex');
}
