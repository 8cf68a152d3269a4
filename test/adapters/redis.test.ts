import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openRedis } from '../../src/adapters/redis.ts';
import { parseInfo } from '../../src/adapters/redis/info.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { RedisPort, RedisTarget } from '../../src/ports/redis.ts';
import { selfSignedCertificate } from '../../src/sandbox/cluster/api/certificate.ts';
import { tunnelDialer } from './tunnel-dialer.ts';
import { accessOf, canary, closedPort, errorOf, expectNoSecret, tcpServer } from './support.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Answer = (words: readonly string[]) => string;

/** Reads commands as RESP arrays and answers each as told. */
function speakRedis(answer: Answer): (socket: Socket) => void {
  return (socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (;;) {
        const words = /^\*(\d+)\r\n((?:\$\d+\r\n[^\r]*\r\n)*)/.exec(text);
        const parts = (words?.[2] ?? '').split('\r\n').filter((_part, index) => index % 2 === 1);
        if (words === null || parts.length < Number(words[1])) return;
        text = text.slice(words[0].length);
        const reply = answer(parts.map((part) => part));
        if (reply === 'CLOSE') socket.destroy();
        else socket.write(reply);
      }
    });
  };
}

async function redisServer(answer: Answer): Promise<{ host: string; port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = await tcpServer(
    speakRedis((words) => {
      asked.push(words.join(' '));
      return answer(words);
    }),
  );
  open.push(server);
  return { host: server.host, port: server.port, asked };
}

const ok: Answer = ([name = '']) => (name.toUpperCase() === 'PING' ? '+PONG\r\n' : '+OK\r\n');

async function connect(target: Partial<RedisTarget>, overrides = {}): Promise<RedisPort> {
  const base: RedisTarget = { kind: 'single', nodes: [], database: 0, tls: false, keyPrefix: '' };
  const port = await openRedis({ ...base, ...target }, accessOf(overrides));
  open.unshift(port);
  return port;
}

describe('Redis', () => {
  it('is sent user, password and database before anything else', async () => {
    const server = await redisServer(ok);
    const port = await connect({
      nodes: [server],
      username: 'lf',
      password: new Secret(canary),
      database: 3,
    });
    await port.call('GET', 'a');
    expect(server.asked.map((one) => one.toLowerCase())).toEqual([
      `auth lf ${canary}`,
      'ping',
      'select 3',
      'get a',
    ]);
  });

  it('that asks for no password lets a client with one in, as it does with Langfuse', async () => {
    const server = await redisServer(([name = '', ...rest]) =>
      name === 'AUTH'
        ? '-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n'
        : ok([name, ...rest]),
    );
    const port = await connect({ nodes: [server], password: new Secret(canary) });
    expect(await port.call('PING')).toBe('PONG');
  });

  it.each([
    ['-NOAUTH Authentication required.', 'REDIS_AUTH'],
    ['-WRONGPASS invalid username-password pair or user is disabled.', 'REDIS_AUTH'],
    ['-ERR invalid password', 'REDIS_AUTH'],
    ["-NOPERM this user has no permissions to run the 'auth' command", 'REDIS_FORBIDDEN'],
    ['-LOADING Redis is loading the dataset in memory', 'REDIS_FAILED'],
    ['-ERR max number of clients reached', 'REDIS_FAILED'],
    ['CLOSE', 'REDIS_CLOSED'],
  ])('that answers %s to the login is %s', async (answer, code) => {
    const server = await redisServer(() => (answer === 'CLOSE' ? answer : `${answer}\r\n`));
    const error = await errorOf(connect({ nodes: [server], password: new Secret(canary) }));
    expect(error.code).toBe(code);
    expectNoSecret(error);
  });

  it('that does not know the database number says so', async () => {
    const server = await redisServer((words) =>
      words[0]?.toLowerCase() === 'select' ? '-ERR DB index is out of range\r\n' : ok(words),
    );
    const error = await errorOf(connect({ nodes: [server], database: 99 }));
    expect(error.message).toContain('DB index is out of range');
  });

  it('is not dialled again after its connection broke', async () => {
    const server = await redisServer((words) => (words[0] === 'GET' ? 'CLOSE' : ok(words)));
    const port = await connect({ nodes: [server] });
    expect((await errorOf(port.call('GET', 'a'))).code).toBe('REDIS_CLOSED');
    expect((await errorOf(port.call('PING'))).code).toBe('REDIS_CLOSED');
    expect(server.asked.filter((one) => one.toUpperCase() === 'PING').length).toBe(1);
  });

  it('gives up on a command without an answer', async () => {
    const server = await redisServer((words) => (words[0] === 'GET' ? '' : ok(words)));
    const port = await connect({ nodes: [server] }, { queryTimeoutMs: 100 });
    expect((await errorOf(port.call('GET', 'a'))).code).toBe('REDIS_TIMEOUT');
  });

  it('speaks TLS, trusting the authority that is given', async () => {
    const certificate = selfSignedCertificate(['127.0.0.1'], new Date());
    const server = createTlsServer({ ...certificate }, speakRedis(ok));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    open.push(server);
    const nodes = [{ host: '127.0.0.1', port: (server.address() as AddressInfo).port }];
    const port = await connect({ nodes, tls: true, certificateAuthority: certificate.cert });
    expect(await port.call('PING')).toBe('PONG');
    const tunnelled = { nodes, tls: true, certificateAuthority: certificate.cert };
    expect(await (await connect(tunnelled, { dialer: tunnelDialer() })).call('PING')).toBe('PONG');
    expect((await errorOf(connect({ nodes, tls: true }))).code).toBe('REDIS_TLS');
  });

  it('without TLS is told from one with', async () => {
    const server = await redisServer(ok);
    const error = await errorOf(connect({ nodes: [server], tls: true }, { connectTimeoutMs: 300 }));
    expect(['REDIS_TLS', 'REDIS_TIMEOUT']).toContain(error.code);
  });

  it('behind sentinels is the master that the first living one names', async () => {
    const master = await redisServer(ok);
    const port = String(master.port);
    const sentinel = await redisServer((words) =>
      words[0] === 'SENTINEL' ? `*2\r\n$9\r\n127.0.0.1\r\n$${port.length}\r\n${port}\r\n` : ok(words),
    );
    const dead = { host: '127.0.0.1', port: await closedPort() };
    const password = new Secret(canary);
    const redis = await connect({
      kind: 'sentinel',
      nodes: [dead, sentinel],
      masterName: 'mymaster',
      password,
    });
    await redis.call('GET', 'a');
    expect(master.asked).toContain('GET a');
    expect(master.asked[0]?.toLowerCase()).toBe(`auth ${canary}`);
    expect(sentinel.asked).toContain('SENTINEL get-master-addr-by-name mymaster');
    expect(sentinel.asked.join(' ')).not.toContain(canary);
  });

  it('behind sentinels with a login of their own gives each its own', async () => {
    const master = await redisServer(ok);
    const port = String(master.port);
    const sentinel = await redisServer((words) =>
      words[0] === 'SENTINEL' ? `*2\r\n$9\r\n127.0.0.1\r\n$${port.length}\r\n${port}\r\n` : ok(words),
    );
    await connect({
      kind: 'sentinel',
      nodes: [sentinel],
      masterName: 'mymaster',
      password: new Secret('of-redis'),
      sentinelUsername: 'guard',
      sentinelPassword: new Secret('of-sentinel'),
    });
    expect(sentinel.asked).toContain('AUTH guard of-sentinel');
    expect(sentinel.asked.join(' ')).not.toContain('of-redis');
    expect(master.asked).toContain('AUTH of-redis');
  });

  it('behind sentinels that do not know the master is told by name', async () => {
    const sentinel = await redisServer((words) => (words[0] === 'SENTINEL' ? '*-1\r\n' : ok(words)));
    const error = await errorOf(connect({ kind: 'sentinel', nodes: [sentinel], masterName: 'wrong' }));
    expect(error.message).toContain('knows no master wrong');
  });

  it('cluster that is none is told', async () => {
    const server = await redisServer((words) =>
      words[0]?.toLowerCase() === 'cluster'
        ? '-ERR This instance has cluster support disabled\r\n'
        : ok(words),
    );
    const error = await errorOf(connect({ kind: 'cluster', nodes: [server] }));
    expect(error.code).toBe('REDIS_FAILED');
    expect(error.message).toContain('cluster support disabled');
  });
});

describe('INFO', () => {
  it('is a record', () => {
    expect(parseInfo('# Memory\r\nused_memory:5\r\n\r\nexecutable:/usr/bin/a:b\r\n')).toEqual({
      used_memory: '5',
      executable: '/usr/bin/a:b',
    });
  });
});
