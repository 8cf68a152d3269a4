import type { ErrorCode } from '../../errors/catalog.ts';
import type { LfctlError } from '../../errors/error.ts';
import type { RedisNode, RedisTarget } from '../../ports/redis.ts';
import { errorLine } from '../net/network-error.ts';
import type { StorePlace } from '../net/store-error.ts';
import { connectionError, storeError } from '../net/store-error.ts';

/** First words of Redis' own errors: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const words: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(?:NOAUTH|WRONGPASS)\b|invalid password/i, 'REDIS_AUTH'],
  [/^NOPERM\b/, 'REDIS_FORBIDDEN'],
  [
    /^(?:ERR|LOADING|READONLY|OOM|MISCONF|BUSY|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|WRONGTYPE|NOSCRIPT|EXECABORT)\b/,
    'REDIS_FAILED',
  ],
  [/Unknown RESP type|Protocol error/i, 'REDIS_ANSWER'],
  [/Connection is closed|isn't writeable|Stream isn't|Connection lost/i, 'REDIS_CLOSED'],
];

function redisPlace(target: RedisTarget, node: RedisNode | undefined): StorePlace {
  const { host, port } = node ?? target.nodes[0] ?? { host: 'unknown', port: 6379 };
  return { prefix: 'REDIS', title: 'Redis', host, port, secrets: [target.password, target.sentinelPassword] };
}

/** What any failure of a Redis becomes. ioredis' errors carry the command with its arguments, so nothing of them is kept. */
export function redisError(target: RedisTarget, error: unknown, node?: RedisNode): LfctlError {
  const at = redisPlace(target, node);
  const line = errorLine(error);
  const code = words.find(([pattern]) => pattern.test(line))?.[1];
  if (code === 'REDIS_CLOSED') return storeError(at, code, 'it closes the connection');
  if (code === 'REDIS_ANSWER')
    return storeError(at, code, `it does not speak Redis (${line.replace(/\s*Please report this\.?/, '')})`);
  // "ERR unknown command … with args beginning with" repeats what was sent.
  const text = line.replace(/,? with args beginning with.*$/, '');
  if (code !== undefined) return storeError(at, code, text);
  const known = connectionError(at, error);
  return known ?? storeError(at, 'REDIS_FAILED', text || 'failed without a message');
}
