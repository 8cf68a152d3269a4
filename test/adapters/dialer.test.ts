import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { clusterDialer, dialerFor, directDialer, podDialer } from '../../src/adapters/dialer.ts';
import { codeOf } from '../../src/adapters/net/network-error.ts';
import type { FakeCluster } from './fake-kube.ts';
import { fakeKube, fakePod, fakeService } from './fake-kube.ts';
import { closedPort, tcpServer } from './support.ts';

const never = new AbortController().signal;

/** Postgres of a chart beside a StatefulSet with a headless Service, and what is odd. */
const cluster: FakeCluster = {
  pods: [
    fakePod('pg-old', 'lf', {
      ready: false,
      metadata: { name: 'pg-old', namespace: 'lf', labels: { app: 'pg' } },
    }),
    fakePod('pg-gone', 'lf', {
      metadata: {
        name: 'pg-gone',
        namespace: 'lf',
        labels: { app: 'pg' },
        deletionTimestamp: '2026-01-01T00:00:00Z',
      },
    }),
    fakePod('pg-a', 'lf', { ip: '10.1.2.3' }),
    fakePod('ch-0', 'data', { ip: '10.1.2.4' }),
    fakePod('sick-0', 'lf', { ready: false }),
    fakePod('redis-0', 'lf', { ip: '10.1.2.5' }),
  ],
  services: [
    fakeService('pg', 'lf', {
      clusterIP: '10.96.0.7',
      selector: { app: 'pg' },
      ports: [{ port: 5432, targetPort: 'sql' }, { port: 9187, targetPort: 9999 }, { port: 7000 }],
    }),
    fakeService('ch', 'data', { clusterIP: 'None', selector: { app: 'ch' }, ports: [{ port: 8123 }] }),
    fakeService('redis-headless', 'lf', {
      clusterIP: 'None',
      selector: { app: 'redis' },
      ports: [{ port: 6379 }],
    }),
    fakeService('sick', 'lf', { selector: { app: 'sick' }, ports: [{ port: 80 }] }),
    fakeService('empty', 'lf', { selector: { app: 'nothing' }, ports: [{ port: 80 }] }),
    fakeService('odd', 'lf', { selector: { app: 'pg' }, ports: [{ port: 80, targetPort: 'no-such-name' }] }),
    fakeService('rds', 'lf', { type: 'ExternalName', externalName: 'no-such-host.invalid' }),
    fakeService('by-hand', 'lf', { ports: [{ port: 80, name: 'http' }] }),
    fakeService('nowhere', 'lf', { ports: [{ port: 80 }] }),
  ],
  endpoints: [
    {
      metadata: { name: 'by-hand', namespace: 'lf' },
      subsets: [
        {
          addresses: [{ ip: '10.1.2.4', targetRef: { kind: 'Pod', name: 'ch-0' } }],
          ports: [
            { name: 'other', port: 1 },
            { name: 'http', port: 8080 },
          ],
        },
      ],
    } as never,
  ],
};

async function forwardedTo(host: string, port: number, from = cluster): Promise<string | undefined> {
  const kube = fakeKube(from);
  (await clusterDialer(kube, 'lf').connect(host, port, never)).destroy();
  return kube.forwarded[0];
}

async function failure(
  host: string,
  port: number,
  from = cluster,
): Promise<{ code: string | null; text: string }> {
  const error: unknown = await clusterDialer(fakeKube(from), 'lf')
    .connect(host, port, never)
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  return { code: codeOf(error), text: error instanceof Error ? error.message : '' };
}

describe('the way to a host of the deployment', () => {
  it.each([
    ['a short name', 'pg', 5432, 'lf/pg-a:15432'],
    ['a number as target port', 'pg', 9187, 'lf/pg-a:9999'],
    ['no target port', 'pg', 7000, 'lf/pg-a:7000'],
    ['name and namespace', 'ch.data', 8123, 'data/ch-0:8123'],
    ['name, namespace, svc', 'pg.lf.svc', 5432, 'lf/pg-a:15432'],
    ['the whole name', 'pg.lf.svc.cluster.local', 5432, 'lf/pg-a:15432'],
    ['the whole name with a dot at its end', 'pg.lf.svc.cluster.local.', 5432, 'lf/pg-a:15432'],
    ['another cluster domain', 'PG.lf.svc.corp.example', 5432, 'lf/pg-a:15432'],
    ['a pod of a StatefulSet', 'ch-0.ch.data', 9000, 'data/ch-0:9000'],
    ['a pod of a headless Service beside it', 'redis-0.redis-headless', 6379, 'lf/redis-0:6379'],
    ['a pod of a StatefulSet by its whole name', 'ch-0.ch.data.svc.cluster.local', 9000, 'data/ch-0:9000'],
    ['any port of a headless Service', 'ch.data', 9000, 'data/ch-0:9000'],
    ['the address of a pod', '10.1.2.3', 5432, 'lf/pg-a:5432'],
    ['the address of a pod elsewhere', '10.1.2.4', 8123, 'data/ch-0:8123'],
    ['the address of a Service', '10.96.0.7', 5432, 'lf/pg-a:15432'],
    ['hand-written endpoints', 'by-hand', 80, 'lf/ch-0:8080'],
  ])('goes by %s', async (_what, host, port, expected) => {
    expect(await forwardedTo(host, port)).toBe(expected);
  });

  it.each([
    ['no ready pod', 'sick', 80, 'ECONNREFUSED', 'no ready pod (1 not ready) behind Service lf/sick'],
    ['no pod at all', 'empty', 80, 'ECONNREFUSED', 'no pod behind Service lf/empty'],
    ['a port the Service does not have', 'pg', 1, 'ECONNREFUSED', 'no port 1 (it has 5432, 9187, 7000)'],
    ['a port name no container has', 'odd', 80, 'ECONNREFUSED', 'no container port named no-such-name'],
    ['no endpoints', 'nowhere', 80, 'ECONNREFUSED', 'Service lf/nowhere has no endpoints'],
    ['no such Service', 'typo', 80, 'ENOTFOUND', 'no Service typo in namespace lf'],
    ['no such Service elsewhere', 'pg.other.svc', 80, 'ENOTFOUND', 'no Service pg in namespace other'],
    ['no such pod', 'ch-9.ch.data', 80, 'ENOTFOUND', 'no pod ch-9 in namespace data'],
    ['a pod that is not ready', 'sick-0.sick.lf', 80, 'ECONNREFUSED', 'no ready pod'],
    [
      'a host outside that is not known',
      'db.example.invalid',
      80,
      'ENOTFOUND',
      'perhaps only the cluster reaches it',
    ],
    ['an ExternalName', 'rds', 5432, 'ENOTFOUND', 'rds is no Service'],
  ])('says %s', async (_what, host, port, code, text) => {
    const failed = await failure(host, port);
    expect(failed.code).toBe(code);
    expect(failed.text).toContain(text);
  });

  it('dials a host outside of the cluster from here', async () => {
    const server = await tcpServer((socket) => socket.end('hello'));
    const kube = fakeKube(cluster);
    const dialer = clusterDialer(kube, 'lf');
    const stream = await dialer.connect('localhost', server.port, never);
    expect((await stream.toArray()).join('')).toBe('hello');
    expect(kube.forwarded).toEqual([]);
    expect(dialer.route('localhost')).toBe('direct');
    await server.close();
  });

  it('takes a domain whose "namespace" is forbidden for one outside', async () => {
    const failed = await failure('db.invalid', 80, { ...cluster, forbidden: ['invalid'] });
    expect(failed.code).toBe('ENOTFOUND');
  });

  it('lets a missing right be seen for a name that must be a Service', async () => {
    const failed = await failure('pg.secret.svc', 5432, { ...cluster, forbidden: ['secret'] });
    expect(failed.code).toBe('KUBE_FORBIDDEN');
  });

  it('looks for pods again on each connection', async () => {
    const kube = fakeKube(cluster);
    const dialer = clusterDialer(kube, 'lf');
    for (let round = 0; round < 2; round += 1) (await dialer.connect('pg', 5432, never)).destroy();
    expect(kube.forwarded).toEqual(['lf/pg-a:15432', 'lf/pg-a:15432']);
    expect(dialer.route('pg')).toBe('port-forward');
    expect(dialer.route('ch.data.svc')).toBe('port-forward');
    expect(dialer.route('db.example.com')).toBe('direct');
  });

  it('asks the cluster about names that may be public ones', async () => {
    const dialer = clusterDialer(fakeKube(cluster), 'lf');
    expect(await dialer.findRoute?.('ch.data', 8123)).toBe('port-forward');
    expect(await dialer.findRoute?.('langfuse.example', 443)).toBe('direct');
    expect(await dialer.findRoute?.('sick', 80)).toBe('port-forward');
    expect(await dialer.findRoute?.('rds', 80)).toBe('direct');
  });

  it('is direct in a pod and without a cluster', async () => {
    expect(dialerFor(null, null).route('pg')).toBe('direct');
    expect(dialerFor(fakeKube({ inCluster: true }), 'lf').route('pg')).toBe('direct');
    expect(dialerFor(fakeKube({}), null).route('pg')).toBe('port-forward');
  });

  it('completes short names in a pod with the namespace of Langfuse, not with its own', async () => {
    const asked: string[] = [];
    const dialer = podDialer('lf', async (host) => {
      asked.push(host);
      if (!host.startsWith('pg.')) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
      return await Promise.resolve(new PassThrough());
    });
    for (const host of ['pg', 'pg.other', 'db', '127.0.0.1', '::1'])
      await dialer.connect(host, 1, never).catch(() => undefined);
    expect(asked).toEqual(['pg.lf.svc', 'pg.other', 'db.lf.svc', 'db', '127.0.0.1', '::1']);
  });

  it('does not ask for another host when a Service refuses', async () => {
    const asked: string[] = [];
    const dialer = podDialer('lf', async (host) => {
      asked.push(host);
      throw await Promise.resolve(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    });
    await expect(dialer.connect('pg', 1, never)).rejects.toThrow('refused');
    expect(asked).toEqual(['pg.lf.svc']);
  });

  it('keeps the code of the system on a direct way', async () => {
    const port = await closedPort();
    const error: unknown = await directDialer()
      .connect('127.0.0.1', port, never)
      .catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('ECONNREFUSED');
  });
});
