import type { RedisNode, RedisTarget } from '../../ports/redis.ts';
import { envText } from '../resolve-env.ts';
import type { ResolvedEnv } from '../model.ts';
import { Secret } from '../secret.ts';
import type { Parsed } from './postgres.ts';
import { decode } from './decode.ts';

/**
 * Redis as the app reads it: REDIS_CLUSTER_*, REDIS_SENTINEL_*, REDIS_CONNECTION_STRING, or REDIS_HOST and parts
 * (langfuse/langfuse packages/shared/src/server/redis/redis.ts). Null when none is set.
 */
export function redisFromEnv(env: ResolvedEnv): Parsed<RedisTarget> | null {
  if (envText(env, 'REDIS_CLUSTER_ENABLED') === 'true')
    return manyNodes(env, 'cluster', 'REDIS_CLUSTER_NODES');
  if (envText(env, 'REDIS_SENTINEL_ENABLED') === 'true')
    return manyNodes(env, 'sentinel', 'REDIS_SENTINEL_NODES');
  const url = envText(env, 'REDIS_CONNECTION_STRING');
  if (url !== null) return withEnv(parseRedisUrl(url), env);
  const host = envText(env, 'REDIS_HOST');
  if (host === null) return null;
  const port = Number(envText(env, 'REDIS_PORT') ?? '6379');
  if (!Number.isInteger(port)) return { target: null, why: 'REDIS_PORT is not a number' };
  return { target: { ...login(env), kind: 'single', nodes: [{ host, port }], database: 0 }, why: null };
}

/** `redis://user:password@host:6379/0` or `rediss://…`. */
export function parseRedisUrl(text: string): Parsed<RedisTarget> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { target: null, why: 'it is not a URL' };
  }
  if (!/^rediss?:$/.test(url.protocol))
    return { target: null, why: 'the scheme is not redis:// or rediss://' };
  const database = Number(url.pathname.slice(1) || '0');
  return {
    target: {
      kind: 'single',
      nodes: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || '6379') }],
      ...(url.username === '' ? {} : { username: decode(url.username) }),
      ...(url.password === '' ? {} : { password: new Secret(decode(url.password)) }),
      database: Number.isInteger(database) ? database : 0,
      tls: url.protocol === 'rediss:',
      keyPrefix: '',
    },
    why: null,
  };
}

function withEnv(parsed: Parsed<RedisTarget>, env: ResolvedEnv): Parsed<RedisTarget> {
  if (parsed.target === null) return { target: null, why: `REDIS_CONNECTION_STRING: ${parsed.why}` };
  const tls = parsed.target.tls || envText(env, 'REDIS_TLS_ENABLED') === 'true';
  return { target: { ...parsed.target, tls, keyPrefix: envText(env, 'REDIS_KEY_PREFIX') ?? '' }, why: null };
}

function login(env: ResolvedEnv): Pick<RedisTarget, 'username' | 'password' | 'tls' | 'keyPrefix'> {
  const username = envText(env, 'REDIS_USERNAME');
  const password = envText(env, 'REDIS_AUTH');
  return {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password: new Secret(password) }),
    tls: envText(env, 'REDIS_TLS_ENABLED') === 'true',
    keyPrefix: envText(env, 'REDIS_KEY_PREFIX') ?? '',
  };
}

function manyNodes(env: ResolvedEnv, kind: 'cluster' | 'sentinel', variable: string): Parsed<RedisTarget> {
  const nodes = parseNodes(envText(env, variable) ?? '', kind === 'cluster' ? 6379 : 26379);
  if (nodes.length === 0) return { target: null, why: `${variable} names no node` };
  const masterName = envText(env, 'REDIS_SENTINEL_MASTER_NAME');
  const named = kind === 'sentinel' && masterName !== null ? { masterName } : {};
  return { target: { ...login(env), ...named, kind, nodes, database: 0 }, why: null };
}

function parseNodes(text: string, defaultPort: number): RedisNode[] {
  return text
    .split(',')
    .map((node) => node.trim())
    .filter((node) => node !== '')
    .map((node) => {
      const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(node);
      return { host: match?.[1] ?? match?.[2] ?? node, port: Number(match?.[3] ?? defaultPort) };
    });
}
