import { Cluster, Redis } from 'ioredis';
import type { Access } from '../../ports/dialer.ts';
import type { RedisNode, RedisTarget } from '../../ports/redis.ts';
import { errorLine } from '../net/network-error.ts';
import { dialingConnector } from './connector.ts';

/** Never again after a failure: a broken connection is an answer for a diagnosis, not something to wait out. */
const once = { retryStrategy: () => null, maxRetriesPerRequest: 0, reconnectOnError: null } as const;

function singleClient(target: RedisTarget, access: Access, node: RedisNode): Redis {
  const client = new Redis({
    ...node,
    ...once,
    Connector: dialingConnector(target, access),
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    connectTimeout: 0,
  });
  client.on('error', () => undefined);
  return client;
}

/**
 * Connects to one node and logs in. AUTH is sent here and not by ioredis, which prints warnings of its own to stderr.
 * A password that the server does not ask for is no failure: Langfuse's client goes on, so does this one.
 */
export async function loginSingle(
  target: RedisTarget,
  access: Access,
  node: RedisNode,
  signal: AbortSignal,
): Promise<Redis> {
  const client = singleClient(target, access, node);
  signal.addEventListener('abort', () => client.disconnect(), { once: true });
  try {
    await client.connect();
    await authenticate(client, target);
    if (target.database !== 0) await client.select(target.database);
    return client;
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

async function authenticate(client: Redis, target: RedisTarget): Promise<void> {
  const password = target.password?.reveal() ?? '';
  if (password !== '') {
    const login = target.username === undefined ? [password] : [target.username, password];
    await client
      .call('AUTH', ...login)
      .catch(rethrowUnless(/no password is set|without any password configured/));
  }
  // A user that may not PING is logged in all the same.
  await client.ping().catch(rethrowUnless(/^NOPERM/));
}

function rethrowUnless(harmless: RegExp): (error: unknown) => void {
  return (error) => {
    if (!harmless.test(errorLine(error))) throw error;
  };
}

/** Asks the sentinels one after the other for the master's address. */
export async function masterOf(target: RedisTarget, access: Access, signal: AbortSignal): Promise<RedisNode> {
  const plain: RedisTarget = { ...target, database: 0 };
  let last: unknown = new Error('no sentinel is given');
  for (const node of target.nodes) {
    try {
      const sentinel = await loginSentinel(plain, access, node, signal);
      const answer = await sentinel.call('SENTINEL', 'get-master-addr-by-name', target.masterName ?? '');
      sentinel.disconnect();
      if (Array.isArray(answer)) return { host: String(answer[0]), port: Number(answer[1]) };
      last = new Error(`ERR the sentinel knows no master ${target.masterName ?? ''}`);
    } catch (error) {
      if (signal.aborted) throw error;
      last = error;
    }
  }
  throw last;
}

/** Sentinels mostly have no password of their own; the store's is tried when they ask for one. */
async function loginSentinel(
  target: RedisTarget,
  access: Access,
  node: RedisNode,
  signal: AbortSignal,
): Promise<Redis> {
  const { password: _password, username: _username, sentinelUsername, sentinelPassword, ...open } = target;
  const own = {
    ...(sentinelUsername === undefined ? {} : { username: sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
  };
  try {
    return await loginSingle({ ...open, ...own }, access, node, signal);
  } catch (error) {
    if (errorLine(error).startsWith('NOAUTH')) return await loginSingle(target, access, node, signal);
    throw error;
  }
}

/** Logs in to the first node that lets one in; what the cluster client says of a failure is only that it failed. */
async function probeNodes(target: RedisTarget, access: Access, signal: AbortSignal): Promise<void> {
  let last: unknown = new Error('no node is given');
  for (const node of target.nodes) {
    try {
      const client = await loginSingle({ ...target, database: 0 }, access, node, signal);
      try {
        // "This instance has cluster support disabled" is lost in the cluster client's own error.
        await client.call('CLUSTER', 'INFO').catch(rethrowUnless(/^NOPERM/));
        return;
      } finally {
        client.disconnect();
      }
    } catch (error) {
      if (signal.aborted) throw error;
      last = error;
    }
  }
  throw last;
}

/** A client of the whole cluster; each node is reached under the address that the cluster announces. */
export async function loginCluster(
  target: RedisTarget,
  access: Access,
  signal: AbortSignal,
): Promise<Cluster> {
  await probeNodes(target, access, signal);
  const client = new Cluster([...target.nodes], {
    lazyConnect: true,
    enableReadyCheck: false,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: access.connectTimeoutMs,
    // Names go to the dialer as they are: this machine's name service does not know the cluster's.
    dnsLookup: (address, deliver) => deliver(null, address),
    redisOptions: {
      Connector: dialingConnector(target, access),
      disableClientInfo: true,
      protocol: 2,
      maxRetriesPerRequest: 0,
      ...(target.username === undefined ? {} : { username: target.username }),
      ...(target.password === undefined ? {} : { password: target.password.reveal() }),
    },
  });
  client.on('error', () => undefined);
  signal.addEventListener('abort', () => client.disconnect(), { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    throw lastNodeError(error);
  }
}

function lastNodeError(error: unknown): unknown {
  return error instanceof Error && 'lastNodeError' in error ? (error.lastNodeError ?? error) : error;
}
