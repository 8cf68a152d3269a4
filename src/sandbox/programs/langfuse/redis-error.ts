import { messageOf } from './log.ts';
import type { Release } from './release.ts';

/** The log's words for a failing Redis connection; 4 adds the kind of failure (packages/shared redisErrorContext.ts). */
export function redisErrorText({ generation }: Release, error: Error): string {
  return generation === 4
    ? `Redis error [${failureMode(error)}]: ${messageOf(error)}`
    : `Redis error ${messageOf(error)}`;
}

const byCode: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'connection-refused'],
  [/^(ECONNRESET|EPIPE)$/, 'connection-reset'],
  [/^E(SOCKET)?TIMEDOUT$/, 'timeout'],
  [/^E(HOST|NET)UNREACH$/, 'host-unreachable'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'dns'],
  [/^ERR_TLS_|^CERT_|SELF_SIGNED_CERT|^UNABLE_TO_VERIFY_/, 'tls'],
];

const byMessage: readonly (readonly [RegExp, string])[] = [
  [/CLUSTERDOWN/, 'cluster-down'],
  [/READONLY/, 'readonly'],
  [/NOAUTH|WRONGPASS|NOPERM|invalid password|without any password configured/, 'auth'],
  [/timeout|timed out/i, 'timeout'],
  [/certificate|ssl|tls/i, 'tls'],
  [/connection is (already )?closed|stream isn't writeable|is disconnect(ed|ing)/i, 'connection-closed'],
];

function failureMode(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  const known = byCode.find(([pattern]) => pattern.test(code));
  return (known ?? byMessage.find(([pattern]) => pattern.test(error.message)))?.[1] ?? 'unknown';
}
