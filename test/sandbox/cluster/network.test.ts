import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, Service } from '../../../src/ports/kube-objects.ts';
import { kinds } from '../../../src/sandbox/cluster/kinds.ts';
import { startNetwork } from '../../../src/sandbox/cluster/network/network.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import { type Bed, busybox, create, isPodReady, logText, podNamed, until } from './bed.ts';
import { startBuiltBed } from './built-bed.ts';

let bed: Bed;

const server = 'echo up > /index; httpd -f -p 8080 -h /';

beforeAll(async () => {
  bed = await startBuiltBed('network');
});

afterAll(() => bed.stop());

function service(name: string, spec: object): void {
  const object = { metadata: { name, namespace: 'default' }, spec };
  bed.store.create(kinds.services, object);
}

function httpServer(name: string, delay = 0): KubeObject {
  const readinessProbe = { httpGet: { path: '/index', port: 'http' }, periodSeconds: 5 };
  const ports = [{ name: 'http', containerPort: 8080 }];
  return busybox(name, `sleep ${delay}; ${server}`, { readinessProbe, ports });
}

const addressOf = (name: string): string =>
  (bed.store.get(kinds.services, 'default', name) as unknown as Service).spec.clusterIP ?? '';

/** Status and body, or the error's code. */
async function fetchFrom(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const request = http.get({ host, port, path: '/index', agent: false, timeout: 3000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(`${response.statusCode} ${text.trim()}`));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('a Service', () => {
  it('refuses without a ready endpoint, serves with one, and refuses again', async () => {
    service('web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 3000, targetPort: 'http' }] });
    expect(addressOf('web')).toMatch(/^127\./);
    expect(await fetchFrom(addressOf('web'), 3000)).toBe('ECONNREFUSED');
    create(bed.store, httpServer('web'));
    await until('an endpoint', async () => (await fetchFrom(addressOf('web'), 3000)) === '200 up');
    bed.store.remove(kinds.pods, 'default', 'web');
    await until('no endpoint', async () => (await fetchFrom(addressOf('web'), 3000)) === 'ECONNREFUSED');
    expect(bed.store.get(kinds.endpoints, 'default', 'web')).toMatchObject({ subsets: [] });
  });

  it('lists a pod that is not ready apart', async () => {
    service('slow', { selector: { app: 'slow' }, ports: [{ port: 8080 }] });
    create(bed.store, httpServer('slow', 600));
    await until('the address', () => {
      const endpoints = bed.store.get(kinds.endpoints, 'default', 'slow') as unknown as {
        subsets?: { notReadyAddresses?: unknown[] }[];
      } | null;
      return endpoints?.subsets?.[0]?.notReadyAddresses?.length === 1;
    });
    expect(await fetchFrom(addressOf('slow'), 8080)).toBe('ECONNREFUSED');
  });
});

describe('a port that is taken', () => {
  it('is named as a problem, and served once it is free', async () => {
    service('taken', { selector: { app: 'taken' }, ports: [{ port: 8079, targetPort: 8080 }] });
    const other = createServer().listen(8079, addressOf('taken'));
    await once(other, 'listening');
    create(bed.store, httpServer('taken'));
    const problem = await until('the problem', () => bed.network.problems()[0]);
    expect(problem).toBe(`${addressOf('taken')}:8079 cannot be served (EADDRINUSE)`);
    other.close();
    await until('the service', async () => (await fetchFrom(addressOf('taken'), 8079)) === '200 up');
    expect(bed.network.problems()).toEqual([]);
  });
});

describe('names', () => {
  const ask = async (name: string, namespace = 'default') => bed.network.resolve(name, { namespace });

  it('has the forms of a cluster, and no others', async () => {
    service('api', { selector: { app: 'api' }, ports: [{ port: 80 }] });
    const address = addressOf('api');
    for (const name of [
      'api',
      'api.default',
      'api.default.svc',
      'api.default.svc.cluster.local',
      'api.default.svc.cluster.local.',
    ])
      expect(await ask(name)).toBe(address);
    expect(await ask('api.default', 'elsewhere')).toBe(address);
    expect(await ask('127.0.0.9')).toBe('127.0.0.9');
    await expect(ask('api', 'elsewhere')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    for (const name of ['example.com', 'bucket.api.default.svc', 'api.default.svc.cluster', 'nobody'])
      await expect(ask(name)).rejects.toMatchObject({ code: 'ENOTFOUND', hostname: name });
  });

  it('follows ExternalName and gives pods of a headless Service their names', async () => {
    service('alias', { type: 'ExternalName', externalName: 'api.default.svc.cluster.local' });
    expect(await ask('alias')).toBe(addressOf('api'));
    service('away', { type: 'ExternalName', externalName: 'db.example.com' });
    await expect(ask('away')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    service('peers', { clusterIP: 'None', selector: { app: 'peer-0' }, ports: [{ port: 80 }] });
    await expect(ask('peers')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    create(bed.store, busybox('peer-0', null, {}, { hostname: 'peer-0', subdomain: 'peers' }));
    await until('it is ready', () => isPodReady(bed.store, 'peer-0'));
    const address = podNamed(bed.store, 'peer-0')?.status?.podIP;
    await until('its endpoint', async () => (await ask('peers').catch(() => '')) === address);
    expect(await ask('peer-0.peers.default.svc.cluster.local')).toBe(address);
  });

  it('reach pods as they ask: own name, localhost, unknown', async () => {
    service('target', {
      selector: { app: 'target' },
      ports: [
        { port: 80, targetPort: 8080 },
        { name: 'b', port: 8088, targetPort: 8080 },
      ],
    });
    create(bed.store, httpServer('target'));
    await until('it is ready', () => isPodReady(bed.store, 'target'));
    const script =
      'wget -qO- http://target:8088/index; wget -qO- http://nobody:1/; curl -s localhost:1; echo "curl $?"; sleep 600';
    create(bed.store, busybox('asker', script));
    const text = await until('its log', async () => {
      const log = await logText(bed, 'asker').catch(() => '');
      return log.includes('curl') ? log : null;
    });
    expect(text).toBe("up\nwget: bad address 'nobody:1'\ncurl 7\n".replace(':1', ''));
  });
});

describe('a NetworkPolicy', () => {
  const policy = (name: string, spec: object): void => {
    const object = { metadata: { name, namespace: 'default' }, spec };
    bed.store.create(kinds.networkPolicies, object);
  };

  it('leads a denied pod into a black hole and leaves others alone', async () => {
    service('shut', { selector: { app: 'shut' }, ports: [{ port: 8080 }] });
    create(bed.store, httpServer('shut'));
    create(bed.store, busybox('friend', null));
    create(bed.store, busybox('stranger', null));
    for (const name of ['shut', 'friend', 'stranger']) await until(name, () => isPodReady(bed.store, name));
    policy('only-friends', {
      podSelector: { matchLabels: { app: 'shut' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'friend' } } }], ports: [{ port: 8080 }] }],
    });
    const ask = async (pod: string) => bed.network.resolve('shut', { namespace: 'default', pod });
    expect(await ask('friend')).toBe(addressOf('shut'));
    const hole = await ask('stranger');
    expect(hole).not.toBe(addressOf('shut'));
    expect(await outcome(hole, 8080)).toBe('no answer');
    bed.store.remove(kinds.networkPolicies, 'default', 'only-friends');
    expect(await ask('stranger')).toBe(addressOf('shut'));

    policy('no-egress', { podSelector: { matchLabels: { app: 'friend' } }, policyTypes: ['Egress'] });
    expect(await ask('friend')).toBe(hole);
    expect(await ask('stranger')).toBe(addressOf('shut'));
  });

  /** Neither connected nor refused within a second. */
  async function outcome(host: string, port: number): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, host);
      const finish = (text: string): void => {
        resolve(text);
        socket.destroy();
      };
      socket.on('connect', () => finish('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? ''));
      socket.setTimeout(1000, () => finish('no answer'));
    });
  }
});

describe('two sandboxes', () => {
  it('live side by side, and come back to their own addresses', async () => {
    const folders = await Promise.all([1, 2].map(async () => mkdtemp(join(tmpdir(), 'lfctl-net-'))));
    const store = createStore(undefined, () => new Date());
    const seed = `same-${process.pid}`;
    const [one = '', two = ''] = folders;
    const first = await startNetwork({ store, stateFolder: one, seed });
    const second = await startNetwork({ store, stateFolder: two, seed });
    expect(first.nodeAddress).not.toBe(second.nodeAddress);
    const pods = [first.podAddress('a'), first.podAddress('b'), second.podAddress('a')];
    expect(new Set(pods).size).toBe(3);
    expect(first.podAddress('a')).toBe(pods[0]);
    await expect(startNetwork({ store, stateFolder: one, seed })).rejects.toMatchObject({
      code: 'SANDBOX_PORT',
    });
    await second.stop();
    const again = await startNetwork({ store, stateFolder: two, seed: 'other' });
    expect(again.nodeAddress).toBe(second.nodeAddress);
    await Promise.all([first.stop(), again.stop()]);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
});
