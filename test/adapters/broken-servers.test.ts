import { describe, expect, it, type TestContext } from 'vitest';
import { clickHouseOpener } from '../../src/adapters/clickhouse.ts';
import { langfuseOpener } from '../../src/adapters/langfuse.ts';
import { objectsOpener } from '../../src/adapters/objects.ts';
import { openPostgres } from '../../src/adapters/postgres.ts';
import { openRedis } from '../../src/adapters/redis.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { Access, Dialer } from '../../src/ports/dialer.ts';
import type { TestServer } from './support.ts';
import {
  accessOf,
  brokenServers,
  canary,
  closedPort,
  errorOf,
  expectNoSecret,
  impatient,
} from './support.ts';

type OnOver = TestContext['onTestFinished'];
type Ask = (host: string, port: number, access: Access) => Promise<unknown>;

const secret = new Secret(canary);

/** The first thing that each port asks of a server. */
const ports: Readonly<Record<string, Ask>> = {
  POSTGRES: async (host, port, access) =>
    await openPostgres(
      { host, port, user: 'lf', password: secret, database: 'lf', tls: 'disable', schema: 'public' },
      access,
    ),
  CLICKHOUSE: async (host, port, access) =>
    await clickHouseOpener()(
      { url: `http://${host}:${port}`, user: 'lf', password: secret, database: 'default' },
      access,
    ),
  REDIS: async (host, port, access) =>
    await openRedis(
      { kind: 'single', nodes: [{ host, port }], password: secret, database: 0, tls: false, keyPrefix: '' },
      access,
    ),
  OBJECTS: async (host, port, access) => {
    const endpoint = `http://${host}:${port}`;
    const target = { endpoint, region: 'auto', bucket: 'lf-bucket', prefix: '', pathStyle: true };
    const keys = { accessKeyId: 'key', secretAccessKey: secret };
    await (await objectsOpener()({ ...target, ...keys }, access)).headBucket();
  },
  LANGFUSE: async (host, port, access) => {
    const target = { url: `http://${host}:${port}`, publicKey: 'pk', secretKey: secret };
    await langfuseOpener()(target, access).getWithKeys('/api/public/health');
  },
};

/** A server of the test's own, closed with it: the tests wait for deadlines side by side. */
async function opened(start: () => Promise<TestServer>, whenOver: OnOver): Promise<TestServer> {
  const server = await start();
  whenOver(() => server.close());
  return server;
}

describe.concurrent.each(Object.entries(ports))('%s on a broken server', (prefix, ask) => {
  it('says that nothing listens', async () => {
    const port = await closedPort();
    const error = await errorOf(ask('127.0.0.1', port, accessOf()));
    expect(error.code).toBe(`${prefix}_REFUSED`);
    expect(error.message).toContain(`127.0.0.1:${port}: connection refused`);
    expectNoSecret(error);
  });

  it('says that the host is not known', async () => {
    const error = await errorOf(ask('no-such-host.invalid', 4321, accessOf()));
    expect(error.code).toBe(`${prefix}_UNKNOWN_HOST`);
    expect(error.message).toContain('no-such-host.invalid:4321');
    expectNoSecret(error);
  });

  it('gives up on one that accepts and says nothing', async ({ onTestFinished }) => {
    const server = await opened(brokenServers.silent, onTestFinished);
    const error = await errorOf(ask(server.host, server.port, accessOf(impatient)));
    expect(error.code).toBe(`${prefix}_TIMEOUT`);
    expect(error.message).toContain('150 ms');
    expectNoSecret(error);
  });

  it('gives up on a dialer that never comes back', async () => {
    const connect = async (): Promise<never> => await new Promise(() => undefined);
    const dialer: Dialer = { connect, route: () => 'direct' };
    const error = await errorOf(ask('black.hole', 4321, accessOf({ ...impatient, dialer })));
    expect(error.code).toBe(`${prefix}_TIMEOUT`);
    expectNoSecret(error);
  });

  it('says that the connection is closed', async ({ onTestFinished }) => {
    const server = await opened(brokenServers.closing, onTestFinished);
    const error = await errorOf(ask(server.host, server.port, accessOf()));
    expect(error.code).toBe(`${prefix}_CLOSED`);
    expectNoSecret(error);
  });

  it('ends when the run ends, by deadline and by hand', async ({ onTestFinished }) => {
    const server = await opened(brokenServers.silent, onTestFinished);
    const deadline = AbortSignal.timeout(50);
    const late = await errorOf(ask(server.host, server.port, accessOf({ signal: deadline })));
    expect(late.code).toBe(`${prefix}_TIMEOUT`);
    const control = new AbortController();
    const asked = errorOf(ask(server.host, server.port, accessOf({ signal: control.signal })));
    control.abort();
    expect((await asked).code).toBe('INTERRUPTED');
  });
});

describe.concurrent.each(Object.entries(ports).filter(([prefix]) => prefix !== 'LANGFUSE'))(
  '%s',
  (prefix, ask) => {
    it('recognises a web page in the place of the store', async ({ onTestFinished }) => {
      const server = await opened(brokenServers.html, onTestFinished);
      const error = await errorOf(ask(server.host, server.port, accessOf()));
      expect(`${error.code} ${error.message}`).toContain(`${prefix}_ANSWER`);
      expectNoSecret(error);
    });
  },
);
