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
  const cluster = envText(env, 'REDIS_CLUSTER_ENABLED') === 'true';
  const sentinel = envText(env, 'REDIS_SENTINEL_ENABLED') === 'true';
  if (cluster && sentinel)
    return { target: null, why: 'REDIS_CLUSTER_ENABLED and REDIS_SENTINEL_ENABLED exclude each other' };
  if (cluster) return clusterTarget(env);
  if (sentinel) return sentinelTarget(env);
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

function clusterTarget(env: ResolvedEnv): Parsed<RedisTarget> {
  const nodes = parseNodes(env, 'REDIS_CLUSTER_NODES');
  if (typeof nodes === 'string') return { target: null, why: nodes };
  return { target: { ...login(env), kind: 'cluster', nodes, database: 0 }, why: null };
}

/** ioredis, as Langfuse calls it, uses no TLS behind sentinels: REDIS_TLS_ENABLED needs an option beside it there. */
function sentinelTarget(env: ResolvedEnv): Parsed<RedisTarget> {
  const masterName = envText(env, 'REDIS_SENTINEL_MASTER_NAME');
  if (masterName === null) return { target: null, why: 'REDIS_SENTINEL_MASTER_NAME is not set' };
  const nodes = parseNodes(env, 'REDIS_SENTINEL_NODES');
  if (typeof nodes === 'string') return { target: null, why: nodes };
  const username = envText(env, 'REDIS_SENTINEL_USERNAME');
  const password = envText(env, 'REDIS_SENTINEL_PASSWORD');
  const own = {
    ...(username === null ? {} : { sentinelUsername: username }),
    ...(password === null ? {} : { sentinelPassword: new Secret(password) }),
  };
  return {
    target: { ...login(env), ...own, tls: false, masterName, kind: 'sentinel', nodes, database: 0 },
    why: null,
  };
}

/** Langfuse splits at `,` and `:` and takes nothing but host:port, so no port may be left out and no IPv6 be written. */
function parseNodes(env: ResolvedEnv, variable: string): readonly RedisNode[] | string {
  const texts = (envText(env, variable) ?? '').split(',').map((node) => node.trim());
  if (texts.every((node) => node === '')) return `${variable} names no node`;
  const nodes = texts.map((node) => /^([^:]+):(\d+)$/.exec(node));
  const wrong = texts.find((_, index) => nodes[index] === null);
  if (wrong !== undefined)
    return `${variable} holds ${JSON.stringify(wrong)}, and Langfuse takes host:port alone`;
  return nodes.flatMap((match) => (match === null ? [] : [{ host: match[1] ?? '', port: Number(match[2]) }]));
}
