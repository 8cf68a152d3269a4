import type { ErrorCode } from '../../errors/catalog.ts';
import type { Fix } from '../../errors/error.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Secret } from '../../deployment/secret.ts';
import { asLfctlError, errorLine, networkFailure, place } from './network-error.ts';
import { scrub } from './scrub.ts';

/** First part of a store's error codes. */
type StorePrefix = 'POSTGRES' | 'CLICKHOUSE' | 'REDIS' | 'OBJECTS' | 'LANGFUSE';

/** Whom a store's errors speak of. */
export interface StorePlace {
  readonly prefix: StorePrefix;
  /** As the sentence starts: `Postgres`. */
  readonly title: string;
  readonly host: string;
  readonly port: number;
  /** Values that must not appear in any text. */
  readonly secrets: readonly (Secret | undefined)[];
}

/** `Postgres at db:5432: connection refused`; vendors' errors are not kept as cause, they may hold credentials. */
export function storeError(
  at: StorePlace,
  code: ErrorCode,
  text: string,
  fixes: readonly Fix[] = [],
): LfctlError {
  const message = `${at.title} at ${place(at.host, at.port)}: ${scrub(text, at.secrets)}`;
  return new LfctlError(code, { message, fixes });
}

/** What a failed connection becomes; null when the error came from the server itself. */
export function connectionError(at: StorePlace, error: unknown): LfctlError | null {
  const own = asLfctlError(error);
  if (own !== null) return own;
  const failure = networkFailure(error);
  return failure === null ? null : storeError(at, `${at.prefix}_${failure.kind}`, failure.text);
}

/** The last resort: an answer nobody foresaw, in its own words. */
export function failedError(at: StorePlace, error: unknown): LfctlError {
  return storeError(at, `${at.prefix}_FAILED`, errorLine(error) || 'failed without a message');
}
