import { openRedis } from '../../../src/adapters/redis.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import type { RedisTarget } from '../../../src/ports/redis.ts';
import { accessOf } from '../../adapters/support.ts';
import type { Candidate, Started } from '../servers.ts';
import { canConnect, findProgram, freePort, openFolder, startServer, until } from './process.ts';

const password = 'contract-password';

/** redis-server of this machine, with a password. */
export const systemRedis: Candidate<RedisTarget> = {
  name: 'redis-server of this machine',
  async find() {
    const program = await findProgram('redis-server');
    if (program === null) return { missing: 'no redis-server on PATH' };
    return { start: async () => await start(program, ['--requirepass', password]) };
  },
};

/** One redis-server that is a cluster of its own: all slots on one master. */
export const systemRedisCluster: Candidate<RedisTarget> = {
  name: 'redis-server of this machine as a cluster',
  async find() {
    const program = await findProgram('redis-server');
    if (program === null) return { missing: 'no redis-server on PATH' };
    return {
      start: async () => {
        const args = [
          '--requirepass',
          password,
          '--cluster-enabled',
          'yes',
          '--cluster-announce-ip',
          '127.0.0.1',
        ];
        const started = await start(program, args);
        await assignSlots(started.target);
        return { ...started, target: { ...started.target, kind: 'cluster' } };
      },
    };
  },
};

async function start(program: string, args: readonly string[]): Promise<Started<RedisTarget>> {
  const folder = await openFolder();
  const port = await freePort();
  const { stop } = await startServer({
    program,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...args],
    folder,
    ready: async () => await canConnect('127.0.0.1', port),
  });
  return { target: redisTarget('127.0.0.1', port, password), stop };
}

export function redisTarget(host: string, port: number, secret: string): RedisTarget {
  return {
    kind: 'single',
    nodes: [{ host, port }],
    password: new Secret(secret),
    database: 0,
    tls: false,
    keyPrefix: '',
  };
}

/** All slots on the one node, and waits until it says that the cluster works. */
async function assignSlots(target: RedisTarget): Promise<void> {
  const port = await openRedis(target, accessOf());
  try {
    await port.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    await until(async () => String(await port.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  } finally {
    await port.close();
  }
}
