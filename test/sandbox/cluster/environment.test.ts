import { describe, expect, it } from 'vitest';
import type { Container, KubeObject, Pod } from '../../../src/ports/kube-objects.ts';
import { kinds } from '../../../src/sandbox/cluster/kinds.ts';
import { resolveEnvironment } from '../../../src/sandbox/cluster/kubelet/environment.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';

const store = createStore(undefined, () => new Date(0));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret: KubeObject & { data: object } = {
  metadata: { name: 'keys', namespace: 'shop' },
  data: { A: base64('from secret'), B: base64('$(A)'), LINES: base64('one\ntwo') },
};
const map: KubeObject & { data: object } = {
  metadata: { name: 'settings', namespace: 'shop' },
  data: { A: 'from map', C: 'c' },
};
store.create(kinds.secrets, secret);
store.create(kinds.configMaps, map);

const pod: Pod = {
  metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', labels: { app: 'web' } },
  spec: { containers: [], nodeName: 'node-1', serviceAccountName: 'web' },
};

function resolve(container: Partial<Container>): Record<string, string> {
  return resolveEnvironment({
    store,
    pod,
    container: { name: 'main', ...container },
    podAddress: '127.1.1.1',
    nodeAddress: '127.1.0.1',
    base: { HOSTNAME: 'web-0' },
  });
}

const secretKey = (name: string, key: string, optional?: boolean) => ({
  secretKeyRef: { name, key, ...(optional === undefined ? {} : { optional }) },
});

describe('the env of a container', () => {
  it('takes envFrom in order, the later one wins, and env wins over both', () => {
    const envFrom = [{ secretRef: { name: 'keys' } }, { configMapRef: { name: 'settings' } }];
    expect(resolve({ envFrom })).toMatchObject({
      A: 'from map',
      C: 'c',
      LINES: 'one\ntwo',
      HOSTNAME: 'web-0',
    });
    expect(resolve({ envFrom: envFrom.toReversed() })).toMatchObject({ A: 'from secret', C: 'c' });
    expect(resolve({ envFrom, env: [{ name: 'A', value: 'own' }] })).toMatchObject({ A: 'own' });
    expect(resolve({ envFrom: [{ prefix: 'P_', secretRef: { name: 'keys' } }] })).toMatchObject({
      P_A: 'from secret',
    });
  });

  it('expands $(VAR) of what came before, and never in a Secret', () => {
    const env = [
      { name: 'LATE', value: '$(AFTER)' },
      { name: 'AFTER', value: 'x' },
      { name: 'URL', value: 'http://$(HOSTNAME)/$(AFTER)/$$(AFTER)/$(NONE' },
      { name: 'RAW', valueFrom: secretKey('keys', 'B') },
      { name: 'EMPTY' },
    ];
    expect(resolve({ env })).toEqual({
      HOSTNAME: 'web-0',
      LATE: '$(AFTER)',
      AFTER: 'x',
      URL: 'http://web-0/x/$(AFTER)/$(NONE',
      RAW: '$(A)',
      EMPTY: '',
    });
  });

  it('knows fields of the pod and of its resources', () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const resource = (name: string, path: string) => ({
      name,
      valueFrom: { resourceFieldRef: { resource: path } },
    });
    const env = [
      field('NAME', 'metadata.name'),
      field('LABEL', "metadata.labels['app']"),
      field('IP', 'status.podIP'),
      field('HOST', 'status.hostIP'),
      resource('MEMORY', 'limits.memory'),
      resource('CPU', 'limits.cpu'),
    ];
    const resources = { limits: { memory: '1Gi', cpu: '1500m' } };
    expect(resolve({ env, resources })).toMatchObject({
      NAME: 'web-0',
      LABEL: 'web',
      IP: '127.1.1.1',
      HOST: '127.1.0.1',
      MEMORY: '1073741824',
      CPU: '2',
    });
  });

  it.each([
    [{ env: [{ name: 'X', valueFrom: secretKey('gone', 'a') }] }, 'secret "gone" not found'],
    [{ env: [{ name: 'X', valueFrom: secretKey('keys', 'z') }] }, "couldn't find key z in Secret shop/keys"],
    [{ envFrom: [{ configMapRef: { name: 'gone' } }] }, 'configmap "gone" not found'],
    [
      { env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'z' } } }] },
      "couldn't find key z in ConfigMap shop/settings",
    ],
  ])('refuses %j', (container, message) => {
    expect(() => resolve(container)).toThrow(message);
  });

  it('leaves out what is optional and missing', () => {
    const env = [
      { name: 'X', valueFrom: secretKey('gone', 'a', true) },
      { name: 'Y', valueFrom: secretKey('keys', 'z', true) },
    ];
    expect(resolve({ env, envFrom: [{ secretRef: { name: 'gone', optional: true } }] })).toEqual({
      HOSTNAME: 'web-0',
    });
  });
});
