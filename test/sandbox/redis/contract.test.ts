import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/sandbox/programs/redis/directives.ts';
import type { ProgramRun } from './program-run.ts';
import { rawClient } from './raw-client.ts';
import type { RawReply } from './raw-client.ts';
import { servers, startRedis } from './servers.ts';

const password = 'canary-redis-7d1f';
const transcript = JSON.parse(
  await readFile('test/fixtures/redis/transcript-7.0.15.json', 'utf8'),
) as readonly (readonly [string, RawReply])[];

describe.each(servers)('$name', ({ program, missing }) => {
  describe.skipIf(missing !== null)('answers', () => {
    let run: ProgramRun;
    beforeAll(async () => {
      // A busy machine makes a command slow, and SLOWLOG then answers other than recorded.
      run = await startRedis(program, ['--slowlog-log-slower-than', '-1']);
    });
    afterAll(() => run.clear());

    it('as redis-server 7.0.15 did when it was recorded', async () => {
      const client = await rawClient(run.address);
      const exact = String(await client.send('INFO', 'server')).includes('redis_version:7.0.');
      const wrong: unknown[] = [];
      for (const [line, expected] of transcript) {
        const reply = await client.send(...splitWords(line, (name) => `$${name}`));
        if (!sameReply(reply, expected, exact)) wrong.push({ line, expected, reply });
      }
      client.close();
      expect(wrong).toEqual([]);
    });

    it('INFO with the fields that operators read', async () => {
      const client = await rawClient(run.address);
      const info = String(await client.send('INFO'));
      for (const field of [
        'redis_version',
        'redis_mode',
        'tcp_port',
        'uptime_in_seconds',
        'connected_clients',
        'blocked_clients',
        'used_memory',
        'used_memory_human',
        'used_memory_rss',
        'maxmemory',
        'maxmemory_policy',
        'aof_enabled',
        'loading',
        'total_commands_processed',
        'expired_keys',
        'evicted_keys',
        'role',
        'connected_slaves',
      ])
        expect(info).toMatch(new RegExp(`^${field}:\\S+\\r$`, 'm'));
      expect(String(await client.send('INFO', 'memory'))).not.toContain('redis_version');
      await client.send('SET', 'k', 'v');
      expect(String(await client.send('INFO', 'keyspace'))).toContain('db0:keys=1,expires=0');
      client.close();
    });

    it('in protocol 3 with maps, doubles and nulls', async () => {
      const client = await rawClient(run.address);
      const hello = await client.send('HELLO', '3');
      expect(hello).toContain('proto');
      await client.send('ZADD', 'p3', '1.5', 'm');
      await client.send('HSET', 'h3', 'f', 'v');
      client.socket.write('ZSCORE p3 m\r\nHGETALL h3\r\nGET none\r\n');
      expect([await client.next(), await client.next(), await client.next()]).toEqual([
        ',1.5',
        ['f', 'v'],
        '_',
      ]);
      client.close();
    });

    it('waiting clients in turn, whoever brings the key', async () => {
      const [first, second, giver] = [
        await rawClient(run.address),
        await rawClient(run.address),
        await rawClient(run.address),
      ];
      const waiting = [first.send('BLPOP', 'w', '0'), second.send('BZPOPMIN', 'wz', '0')];
      await blocked(run.address, 2);
      await giver.send('MULTI');
      await giver.send('RPUSH', 'w', 'a', 'b');
      await giver.send('ZADD', 'wz', '1', 'm');
      await giver.send('EXEC');
      expect(await Promise.all(waiting)).toEqual([
        ['w', 'a'],
        ['wz', 'm', '1'],
      ]);
      expect(await giver.send('LRANGE', 'w', '0', '-1')).toEqual(['b']);
      for (const client of [first, second, giver]) client.close();
    });

    it('XREAD BLOCK and CLIENT UNBLOCK', async () => {
      const [reader, other] = [await rawClient(run.address), await rawClient(run.address)];
      const id = String(await reader.send('CLIENT', 'ID')).slice(1);
      const reading = reader.send('XREAD', 'BLOCK', '0', 'STREAMS', 'wx', '$');
      await blocked(run.address, 1);
      await other.send('XADD', 'wx', '1-1', 'f', 'v');
      expect(await reading).toEqual([['wx', [['1-1', ['f', 'v']]]]]);
      const again = reader.send('BRPOP', 'nothing', '0');
      await blocked(run.address, 1);
      expect(await other.send('CLIENT', 'UNBLOCK', id, 'ERROR')).toBe(':1');
      expect(await again).toBe('-UNBLOCKED client unblocked via CLIENT UNBLOCK');
      for (const client of [reader, other]) client.close();
    });

    it('subscribers by channel and pattern', async () => {
      const [listener, sender] = [new Redis({ host: run.address }), new Redis({ host: run.address })];
      const messages: string[] = [];
      listener.on('message', (channel, message) => messages.push(`${channel}=${message}`));
      listener.on('pmessage', (pattern, channel, message) =>
        messages.push(`${pattern}:${channel}=${message}`),
      );
      await listener.subscribe('news');
      await listener.psubscribe('n*');
      expect(await sender.publish('news', 'hi')).toBe(2);
      await expect.poll(() => messages).toEqual(['news=hi', 'n*:news=hi']);
      for (const client of [listener, sender]) client.disconnect();
    });

    it('CLIENT LIST and KILL', async () => {
      const [victim, other] = [await rawClient(run.address), await rawClient(run.address)];
      await victim.send('CLIENT', 'SETNAME', 'victim');
      const list = String(await other.send('CLIENT', 'LIST'));
      const line = list.split('\n').find((text) => text.includes('name=victim')) ?? '';
      expect(line).toMatch(/^id=\d+ addr=127\.\S+:\d+ laddr=127\.\S+:6379 .* cmd=client/);
      const id = /id=(\d+)/.exec(line)?.[1] ?? '';
      const closed = new Promise((resolve) => victim.socket.once('close', resolve));
      expect(await other.send('CLIENT', 'KILL', 'ID', id)).toBe(':1');
      await closed;
      other.close();
    });

    it('expired keys as gone, at their time', async () => {
      const client = await rawClient(run.address);
      await client.send('SET', 'soon', 'v', 'PX', '30');
      await expect.poll(() => client.send('EXISTS', 'soon')).toBe(':0');
      expect(await client.send('TTL', 'soon')).toBe(':-2');
      client.close();
    });
  });

  describe.skipIf(missing !== null)('with a password', () => {
    let run: ProgramRun;
    beforeAll(async () => {
      run = await startRedis(program, ['--requirepass', password]);
    });
    afterAll(() => run.clear());

    it('lets nobody in without it', async () => {
      const client = await rawClient(run.address);
      expect(await client.send('PING')).toBe('-NOAUTH Authentication required.');
      expect(await client.send('AUTH', 'wrong')).toBe(
        '-WRONGPASS invalid username-password pair or user is disabled.',
      );
      expect(await client.send('AUTH', 'nobody', password)).toMatch(/^-WRONGPASS/);
      expect(await client.send('HELLO', '3')).toMatch(/^-NOAUTH HELLO must be called/);
      expect(await client.send('AUTH', password)).toBe('+OK');
      expect(await client.send('PING')).toBe('+PONG');
      client.close();
      expect(run.lines.join('\n')).not.toContain(password);
    });

    it('takes a new one at run time', async () => {
      const client = await rawClient(run.address);
      await client.send('AUTH', password);
      expect(await client.send('CONFIG', 'SET', 'requirepass', 'other')).toBe('+OK');
      const late = await rawClient(run.address);
      expect(await late.send('AUTH', password)).toMatch(/^-WRONGPASS/);
      expect(await late.send('AUTH', 'other')).toBe('+OK');
      expect(await client.send('CONFIG', 'SET', 'requirepass', password)).toBe('+OK');
      for (const one of [client, late]) one.close();
    });
  });

  describe.skipIf(missing !== null)('with a memory limit', () => {
    let run: ProgramRun;
    beforeAll(async () => {
      run = await startRedis(program, ['--maxmemory-policy', 'noeviction']);
    });
    afterAll(() => run.clear());

    it('refuses to grow, in scripts too, and still reads and deletes', async () => {
      const client = await rawClient(run.address);
      await client.send('SET', 'big', 'x'.repeat(100_000));
      await client.send('CONFIG', 'SET', 'maxmemory', '1');
      const oom = /^-OOM command not allowed when used memory > 'maxmemory'\./;
      expect(await client.send('SET', 'more', 'x')).toMatch(oom);
      expect(await client.send('EVAL', "return redis.call('SET','more','x')", '0')).toMatch(oom);
      expect(await client.send('STRLEN', 'big')).toBe(':100000');
      expect(await client.send('DEL', 'big')).toBe(':1');
      await client.send('CONFIG', 'SET', 'maxmemory', '0');
      expect(await client.send('SET', 'more', 'x')).toBe('+OK');
      client.close();
    });

    it('evicts where the policy says so, and counts it', async () => {
      const client = await rawClient(run.address);
      for (let index = 0; index < 50; index += 1) await client.send('SET', `k${index}`, 'x'.repeat(10_000));
      const used = Number(/used_memory:(\d+)/.exec(String(await client.send('INFO', 'memory')))?.[1]);
      await client.send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      await client.send('CONFIG', 'SET', 'maxmemory', String(used - 100_000));
      expect(await client.send('SET', 'fresh', 'x')).toBe('+OK');
      const evicted = Number(/evicted_keys:(\d+)/.exec(String(await client.send('INFO', 'stats')))?.[1]);
      expect(evicted).toBeGreaterThan(0);
      expect(Number(String(await client.send('DBSIZE')).slice(1))).toBeLessThan(51);
      client.close();
    });
  });
});

/** Other releases word their errors otherwise, and know commands that 7.0 does not. */
function sameReply(reply: RawReply, expected: RawReply, exact: boolean): boolean {
  if (!exact && typeof expected === 'string' && expected.startsWith('-')) return true;
  return JSON.stringify(reply) === JSON.stringify(expected);
}

/** Waits until so many clients wait. */
async function blocked(address: string, count: number): Promise<void> {
  const client = await rawClient(address);
  await expect
    .poll(async () => String(await client.send('INFO', 'clients')))
    .toContain(`blocked_clients:${count}`);
  client.close();
}
