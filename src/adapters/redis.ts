import type { Redis } from 'ioredis';
import { Cluster } from 'ioredis';
import type { Access } from '../ports/dialer.ts';
import type { OpenRedis, RedisNode, RedisPort, RedisReply, RedisTarget } from '../ports/redis.ts';
import { within } from './net/deadline.ts';
import { redisError } from './redis/failure.ts';
import { parseInfo } from './redis/info.ts';
import { loginCluster, loginSingle, masterOf } from './redis/login.ts';

type Client = Redis | Cluster;

interface Session {
  readonly client: Client;
  readonly target: RedisTarget;
  readonly access: Access;
  /** The node that errors speak of. */
  readonly node: RedisNode | undefined;
}

/** Opens a connection (a client of all nodes for a cluster, the master behind sentinels) and logs in. */
export const openRedis: OpenRedis = async (target, access) => {
  const session = await login(target, access);
  const run = <Value>(step: () => Promise<Value>): Promise<Value> => guarded(session, step);
  return {
    call: async (command, ...args) =>
      await run(async () => reply(await session.client.call(command, ...args))),
    pipeline: async (commands) => await run(() => pipelined(session.client, commands)),
    scan: async (pattern, limit) => await run(() => scanAll(session.client, pattern, limit)),
    info: async (section) =>
      parseInfo(
        String(await run(() => session.client.call('INFO', ...(section === undefined ? [] : [section])))),
      ),
    close: async () => await Promise.resolve(session.client.disconnect()),
  } satisfies RedisPort;
};

async function login(target: RedisTarget, access: Access): Promise<Session> {
  let node = target.nodes[0];
  try {
    const client = await within<Client>(access.connectTimeoutMs, access.signal, async (signal) => {
      if (target.kind === 'cluster') return await loginCluster(target, access, signal);
      if (target.kind === 'sentinel') node = await masterOf(target, access, signal);
      return await loginSingle(target, access, node ?? { host: 'localhost', port: 6379 }, signal);
    });
    return { client, target, access, node };
  } catch (error) {
    throw redisError(target, error, node);
  }
}

async function guarded<Value>(session: Session, step: () => Promise<Value>): Promise<Value> {
  const { access, target, node } = session;
  try {
    return await within(access.queryTimeoutMs, access.signal, step);
  } catch (error) {
    throw redisError(target, error, node);
  }
}

/** RESP2 has nothing else than these. */
function reply(value: unknown): RedisReply {
  return value as RedisReply;
}

async function pipelined(
  client: Client,
  commands: Parameters<RedisPort['pipeline']>[0],
): Promise<RedisReply[]> {
  // The keys of one pipeline lie on different nodes of a cluster; ioredis sends each call where it belongs.
  if (client instanceof Cluster)
    return await Promise.all(
      commands.map(async ([name, ...args]) => reply(await client.call(name, ...args))),
    );
  const pipeline = client.pipeline();
  for (const [name, ...args] of commands) pipeline.call(name, ...args);
  const results = (await pipeline.exec()) ?? [];
  return results.map(([error, value]) => {
    if (error !== null) throw error;
    return reply(value);
  });
}

async function scanAll(client: Client, pattern: string, limit: number): Promise<string[]> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const found = new Set<string>();
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
      for (const key of keys) if (found.size < limit) found.add(key);
      cursor = next;
    } while (cursor !== '0' && found.size < limit);
  }
  return [...found];
}
