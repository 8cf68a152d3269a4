import type { RedisTarget } from '../../src/ports/redis.ts';
import type { Program } from '../../src/sandbox/program.ts';
import { redisProgramWith } from '../../src/sandbox/programs/redis.ts';
import { redisTarget, systemRedis, systemRedisCluster } from './real/redis.ts';
import { redisSuite } from './redis-suite.ts';
import { startProgram } from './sandbox-program.ts';
import type { Candidate } from './servers.ts';
import { onEach } from './servers.ts';

/** The stand-in answers where redis-server is not installed; here it must answer in any case. */
const standIn: Program = redisProgramWith(async () => await Promise.resolve(null));

const sandboxRedis: Candidate<RedisTarget> = {
  name: "the sandbox's Redis",
  find: async () =>
    await Promise.resolve({
      start: async () => {
        const args = ['redis-server', '--requirepass', 'contract-password'];
        const { address, stop } = await startProgram(standIn, 6379, {}, args);
        return { target: redisTarget(address, 6379, 'contract-password'), stop };
      },
    }),
};

await onEach('redis', [sandboxRedis, systemRedis, systemRedisCluster], redisSuite);
