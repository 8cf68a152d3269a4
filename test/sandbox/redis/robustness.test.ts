import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProgramRun } from './program-run.ts';
import { encode, rawClient } from './raw-client.ts';
import { servers, startRedis } from './servers.ts';

const [ours] = servers;
if (ours === undefined) throw new Error('our server is not listed');

describe.each(servers)('$name', ({ program, missing }) => {
  describe.skipIf(missing !== null)('stands', () => {
    let run: ProgramRun;
    beforeAll(async () => {
      run = await startRedis(program);
    });
    afterAll(() => run.clear());

    it.each([
      ['*1\r\n+PING\r\n', "-ERR Protocol error: expected '$', got '+'"],
      ['*9999999999\r\n', '-ERR Protocol error: invalid multibulk length'],
      ['*1\r\n$-5\r\n', '-ERR Protocol error: invalid bulk length'],
      ['*1\r\n$999999999999\r\n', '-ERR Protocol error: invalid bulk length'],
      ['GET "open\r\n', '-ERR Protocol error: unbalanced quotes in request'],
    ])('%j: the reason, then the end', async (bytes, reason) => {
      const client = await rawClient(run.address);
      const closed = once(client.socket, 'close');
      client.socket.write(bytes);
      expect(await client.next()).toBe(reason);
      await closed;
    });

    it('commands that come byte by byte, and empty ones', async () => {
      const client = await rawClient(run.address);
      client.socket.setNoDelay(true);
      for (const byte of `\r\n*0\r\n${encode(['SET', 'slow', 'v\r\nw'])}`) client.socket.write(byte);
      expect(await client.next()).toBe('+OK');
      expect(await client.send('GET', 'slow')).toBe('v\r\nw');
      client.close();
    });

    it('a value of 64 MB there and back', async () => {
      const client = new Redis({ host: run.address });
      const value = Buffer.alloc(64 * 1024 * 1024, 'abcdefghij');
      await client.set('huge', value);
      expect((await client.getBuffer('huge'))?.equals(value)).toBe(true);
      await client.del('huge');
      client.disconnect();
    });

    it('connections cut in the middle of a value', async () => {
      for (let index = 0; index < 20; index += 1) {
        const client = await rawClient(run.address);
        client.socket.write('*3\r\n$3\r\nSET\r\n$3\r\ncut\r\n$1000000\r\nabc');
        client.socket.resetAndDestroy();
      }
      const client = await rawClient(run.address);
      expect(await client.send('EXISTS', 'cut')).toBe(':0');
      client.close();
    });

    it('100 clients at once that pipeline', async () => {
      const clients = Array.from({ length: 100 }, () => new Redis({ host: run.address }));
      await Promise.all(
        clients.map(async (client) => {
          const pipeline = client.pipeline();
          for (let index = 0; index < 200; index += 1) pipeline.incr('counter');
          await pipeline.exec();
        }),
      );
      expect(await clients[0]?.get('counter')).toBe('20000');
      for (const client of clients) client.disconnect();
    });

    it('a client that asks for much and reads nothing', async () => {
      const client = await rawClient(run.address);
      await client.send('SET', 'wide', 'x'.repeat(1_000_000));
      const greedy = await rawClient(run.address);
      greedy.socket.pause();
      for (let index = 0; index < 60; index += 1) greedy.socket.write(encode(['GET', 'wide']));
      expect(await client.send('PING')).toBe('+PONG');
      greedy.socket.resetAndDestroy();
      expect(await client.send('DEL', 'wide')).toBe(':1');
      client.close();
    });

    it('an endless line', async () => {
      const client = await rawClient(run.address);
      const closed = once(client.socket, 'close');
      client.socket.on('error', () => undefined);
      client.socket.write('x'.repeat(200_000));
      expect(await client.next()).toBe('-ERR Protocol error: too big inline request');
      client.socket.destroy();
      await closed;
    });

    it('scripts that are wrong', async () => {
      const client = await rawClient(run.address);
      expect(await client.send('EVAL', 'return (', '0')).toMatch(/^-ERR Error compiling script/);
      expect(await client.send('EVAL', 'return nosuch', '0')).toMatch(
        /^-ERR .*Script attempted to access nonexistent global variable 'nosuch'/,
      );
      expect(await client.send('EVAL', "return redis.call('nosuch')", '0')).toMatch(/^-ERR/);
      expect(await client.send('EVAL', "return redis.call('GET')", '0')).toMatch(/^-ERR/);
      expect(await client.send('EVAL', "error('mine')", '0')).toMatch(/^-ERR .*mine/);
      const bytes = '\0\u0001\u00ff\r\n';
      expect(await client.send('EVAL', "redis.call('SET','b',ARGV[1]) return ARGV[1]", '0', bytes)).toBe(
        bytes,
      );
      expect(await client.send('GET', 'b')).toBe(bytes);
      client.close();
    });
  });

  it.skipIf(missing !== null)('keeps its keys over a restart, with their expiry', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-redis-'));
    const first = await startRedis(program, ['--appendonly', 'yes'], folder);
    const client = new Redis({ host: first.address, db: 2 });
    await client.set('s', 'v', 'EX', 1000);
    await client.rpush('l', 'a', 'b');
    await client.hset('h', 'f', 'v');
    await client.zadd('z', 1.5, 'm');
    await client.sadd('t', 'x');
    await client.xadd('x', '5-1', 'f', 'v');
    await client.set('gone', 'v', 'PX', 1);
    await client.eval("redis.call('INCR','n') redis.call('INCR','n')", 0);
    client.disconnect();
    await first.stop();
    const second = await startRedis(program, ['--appendonly', 'yes'], folder);
    const later = new Redis({ host: second.address, db: 2 });
    // Redis counts what has expired until it meets it.
    expect(await later.get('gone')).toBeNull();
    expect(await later.dbsize()).toBe(7);
    expect(await later.ttl('s')).toBeGreaterThan(900);
    expect(await later.lrange('l', 0, -1)).toEqual(['a', 'b']);
    expect(await later.hgetall('h')).toEqual({ f: 'v' });
    expect(await later.zscore('z', 'm')).toBe('1.5');
    expect(await later.xrange('x', '-', '+')).toEqual([['5-1', ['f', 'v']]]);
    expect(await later.get('n')).toBe('2');
    later.disconnect();
    await second.clear();
    await rm(folder, { recursive: true, force: true });
  });
});

describe('our server’s log', () => {
  it('is read up to where a kill cut it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-redis-'));
    const first = await startRedis(ours.program, ['--appendonly', 'yes'], folder);
    const client = await rawClient(first.address);
    await client.send('SET', 'whole', 'v');
    client.close();
    await first.stop();
    const log = join(folder, 'stand-in.aof');
    await appendFile(log, '*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$100\r\nab');
    const second = await startRedis(ours.program, ['--appendonly', 'yes'], folder);
    const again = await rawClient(second.address);
    expect(await again.send('KEYS', '*')).toEqual(['whole']);
    again.close();
    await second.clear();
  });

  it('is on disk while the server runs', async () => {
    const run = await startRedis(ours.program, ['--appendonly', 'yes']);
    const client = await rawClient(run.address);
    await client.send('SET', 'now', 'v');
    await expect.poll(() => readFile(join(run.folder, 'stand-in.aof'), 'latin1')).toContain('now');
    client.close();
    await run.clear();
  });

  it('is not written where nothing is to be kept', async () => {
    const run = await startRedis(ours.program, ['--save', '', '--appendonly', 'no']);
    const client = await rawClient(run.address);
    await client.send('SET', 'k', 'v');
    client.close();
    await run.stop();
    await expect(readFile(join(run.folder, 'stand-in.aof'))).rejects.toThrow(/ENOENT/);
    await run.clear();
  });
});
