import { expect, it } from 'vitest';
import { openRedis } from '../../src/adapters/redis.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { RedisPort, RedisTarget } from '../../src/ports/redis.ts';
import { accessOf, canary, errorOf, expectNoSecret } from '../adapters/support.ts';

async function using<Value>(target: RedisTarget, run: (port: RedisPort) => Promise<Value>): Promise<Value> {
  const port = await openRedis(target, accessOf());
  try {
    return await run(port);
  } finally {
    await port.close();
  }
}

/** What every Redis behind the port does, one node or a cluster. */
export function redisSuite(target: () => RedisTarget): void {
  it('gives replies as RESP has them', async () => {
    await using(target(), async (port) => {
      expect(await port.call('PING')).toBe('PONG');
      expect(await port.call('DEL', 'contract:list', 'contract:none')).toBeTypeOf('number');
      expect(await port.call('RPUSH', 'contract:list', 'one', 2)).toBe(2);
      expect(await port.call('LRANGE', 'contract:list', 0, -1)).toEqual(['one', '2']);
      expect(await port.call('GET', 'contract:none')).toBeNull();
    }).catch(onlyForOneNode(target()));
  });

  it('sends many commands at once and keeps their order', async () => {
    const replies = await using(target(), (port) =>
      port.pipeline([
        ['SET', 'contract:a', 'x'],
        ['LLEN', 'contract:nothing'],
        ['GET', 'contract:a'],
      ]),
    );
    expect(replies).toEqual(['OK', 0, 'x']);
  });

  it('finds keys by pattern up to a limit', async () => {
    await using(target(), async (port) => {
      for (let index = 0; index < 30; index += 1) await port.call('SET', `contract:scan:${index}`, 1);
      expect((await port.scan('contract:scan:*', 100)).length).toBe(30);
      expect((await port.scan('contract:scan:*', 7)).length).toBe(7);
      expect(await port.scan('contract:nothing:*', 7)).toEqual([]);
    });
  });

  it('reads INFO', async () => {
    await using(target(), async (port) => {
      expect((await port.info())['redis_version']).toMatch(/^\d+\./);
      const memory = await port.info('memory');
      expect(memory['maxmemory_policy']).toBeTypeOf('string');
      expect(Number(memory['used_memory'])).toBeGreaterThan(0);
      expect(memory['redis_version']).toBeUndefined();
    });
  });

  it('goes on after a refused command, without repeating what was sent', async () => {
    await using(target(), async (port) => {
      await port.call('SET', 'contract:text', 'x');
      const wrongType = await errorOf(port.call('LPUSH', 'contract:text', canary));
      expect(wrongType.code).toBe('REDIS_FAILED');
      expect(wrongType.message).toContain('WRONGTYPE');
      expectNoSecret(wrongType);
      const unknown = await errorOf(port.call('NOSUCHCOMMAND', canary));
      expect(unknown.code).toBe('REDIS_FAILED');
      expectNoSecret(unknown);
      expect(await port.call('GET', 'contract:text')).toBe('x');
    });
  });

  it('says when the password is wrong or missing', async () => {
    const wrong = await errorOf(openRedis({ ...target(), password: new Secret(canary) }, accessOf()));
    expect(wrong.code).toBe('REDIS_AUTH');
    expectNoSecret(wrong);
    const { password: _password, ...open } = target();
    const missing = await errorOf(openRedis(open, accessOf()));
    expect(missing.code).toBe('REDIS_AUTH');
  });

  it('says when the user is unknown', async () => {
    const error = await errorOf(openRedis({ ...target(), username: 'nobody' }, accessOf()));
    expect(error.code).toBe('REDIS_AUTH');
  });
}

/** Keys of one command must lie together in a cluster. */
function onlyForOneNode(target: RedisTarget): (error: unknown) => void {
  return (error) => {
    if (target.kind !== 'cluster') throw error;
  };
}
