import { describe, expect, it } from 'vitest';
import type { StoreEvent } from '../../../src/sandbox/cluster/objects.ts';
import type { StoreSnapshot } from '../../../src/sandbox/cluster/store.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import { configMaps, deployment, deployments, namespaces, pods } from './harness.ts';

const at = new Date('2026-01-02T03:04:05.678Z');
const emptyStore = () => createStore(undefined, () => at);
const map = (name: string, data: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'lf' },
  data,
});
const pod = (name: string, fields: object = {}) => ({
  metadata: { name, namespace: 'lf', ...fields },
  spec: { nodeName: 'node-1', containers: [{ name: 'a', image: 'x' }] },
});

describe('the object store', () => {
  it('gives a new object what the server sets', () => {
    const made = emptyStore().create(configMaps, map('a'));
    expect(made).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { creationTimestamp: '2026-01-02T03:04:05Z', resourceVersion: '1' },
    });
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses a name twice and a stale version', () => {
    const store = emptyStore();
    const old = store.create(configMaps, map('a'));
    expect(() => store.create(configMaps, map('a'))).toThrow('configmaps "a" already exists');
    store.update(configMaps, map('a', { k: '1' }));
    expect(() => store.update(configMaps, old)).toThrow('has been modified');
    expect(() => store.update(configMaps, map('b'))).toThrow('configmaps "b" not found');
  });

  it('raises the generation for a new spec only, and keeps the status apart', () => {
    const store = emptyStore();
    const body = { ...deployment('web'), metadata: { name: 'web', namespace: 'lf' } };
    const made = store.create(deployments, body);
    const spec = made['spec'] as object;
    store.setStatus(deployments, 'lf', 'web', { replicas: 1 });
    const labelled = store.update(deployments, {
      ...body,
      metadata: { ...body.metadata, labels: { a: 'b' } },
    });
    expect(labelled).toMatchObject({ metadata: { generation: 1 }, status: { replicas: 1 } });
    const scaled = store.update(deployments, {
      ...body,
      spec: { ...spec, replicas: 5 },
      status: { replicas: 9 },
    } as never);
    expect(scaled).toMatchObject({ metadata: { generation: 2 }, status: { replicas: 1 } });
  });

  it('says nothing when nothing changes', () => {
    const store = emptyStore();
    store.create(configMaps, map('a', { k: '1' }));
    store.setStatus(configMaps, 'lf', 'a', { x: 1 });
    const before = store.resourceVersion();
    store.update(configMaps, { ...map('a', { k: '1' }), status: { x: 1 } } as never);
    store.setStatus(configMaps, 'lf', 'a', { x: 1 });
    expect(store.resourceVersion()).toBe(before);
  });

  it('does not share objects with its callers', () => {
    const store = emptyStore();
    const mine = map('a', { k: '1' });
    store.create(configMaps, mine);
    mine.data['k'] = 'changed';
    expect(store.get(configMaps, 'lf', 'a')?.['data']).toEqual({ k: '1' });
  });

  it('delivers changes in order, also those that a listener makes', () => {
    const store = emptyStore();
    const seen: string[] = [];
    store.watch(({ type, object }) => {
      if (type === 'ADDED' && object.metadata.name === 'a') store.update(configMaps, map('a', { k: '1' }));
    });
    store.watch(({ type, object }) => seen.push(`${type} ${object.metadata.resourceVersion ?? ''}`));
    store.create(configMaps, map('a'));
    expect(seen).toEqual(['ADDED 1', 'MODIFIED 2']);
  });

  it('tells what happened since a version until that is too long ago', () => {
    const store = emptyStore();
    store.create(configMaps, map('a'));
    for (let index = 0; index < 1200; index += 1) store.update(configMaps, map('a', { k: String(index) }));
    expect(store.since(1)).toBeNull();
    expect(store.since(store.resourceVersion() + 1)).toBeNull();
    expect(store.since(store.resourceVersion() - 3)).toHaveLength(3);
    expect(store.since(store.resourceVersion())).toEqual([]);
  });

  it('gives pods their grace, and ends them by force', () => {
    const store = emptyStore();
    const events: StoreEvent['type'][] = [];
    store.create(pods, pod('p'));
    store.watch(({ type }) => events.push(type));
    store.remove(pods, 'lf', 'p');
    expect(store.get(pods, 'lf', 'p')?.metadata).toMatchObject({
      deletionTimestamp: '2026-01-02T03:04:05Z',
      deletionGracePeriodSeconds: 30,
    });
    store.remove(pods, 'lf', 'p');
    store.remove(pods, 'lf', 'p', { force: true });
    expect(store.get(pods, 'lf', 'p')).toBeNull();
    expect(events).toEqual(['MODIFIED', 'DELETED']);
  });

  it('removes at once a pod that never got a node', () => {
    const store = emptyStore();
    store.create(pods, { metadata: { name: 'p', namespace: 'lf' } });
    store.remove(pods, 'lf', 'p');
    expect(store.get(pods, 'lf', 'p')).toBeNull();
  });

  it('removes what an object owns, unless it is orphaned', () => {
    const store = emptyStore();
    const owned = (owner: { metadata: { uid?: string } }, name: string) =>
      store.create(configMaps, {
        metadata: {
          name,
          namespace: 'lf',
          ownerReferences: [
            { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: owner.metadata.uid ?? '' },
          ],
        },
      });
    owned(owned(store.create(configMaps, map('a')), 'b'), 'c');
    store.remove(configMaps, 'lf', 'a');
    expect(store.list(configMaps)).toEqual([]);
    owned(store.create(configMaps, map('a')), 'b');
    store.remove(configMaps, 'lf', 'a', { orphan: true });
    expect(store.list(configMaps).map((each) => each.metadata.name)).toEqual(['b']);
  });

  it('waits for finalizers', () => {
    const store = emptyStore();
    store.create(configMaps, { metadata: { name: 'a', namespace: 'lf', finalizers: ['x/y'] } as never });
    store.remove(configMaps, 'lf', 'a');
    const kept = store.get(configMaps, 'lf', 'a');
    expect(kept?.metadata.deletionTimestamp).toBeDefined();
    store.update(configMaps, map('a'));
    expect(store.get(configMaps, 'lf', 'a')).toBeNull();
  });

  it('empties a namespace, and removes it when its last pod has ended', () => {
    const store = emptyStore();
    store.create(namespaces, { metadata: { name: 'lf' } });
    store.create(configMaps, map('a'));
    store.create(pods, pod('p'));
    store.remove(namespaces, null, 'lf');
    expect(store.list(configMaps)).toEqual([]);
    expect(store.get(namespaces, null, 'lf')).toMatchObject({ status: { phase: 'Terminating' } });
    store.remove(pods, 'lf', 'p', { force: true });
    expect(store.get(namespaces, null, 'lf')).toBeNull();
  });

  it('goes on from a snapshot, and sends watchers of before to list again', () => {
    const store = emptyStore();
    const { metadata } = store.create(configMaps, map('a', { k: '1' }));
    const text = JSON.stringify(store.snapshot());
    const lost = store.update(configMaps, map('a', { k: '2' }));
    const again = createStore(JSON.parse(text) as StoreSnapshot, () => at);
    expect(again.get(configMaps, 'lf', 'a')).toMatchObject({ metadata, data: { k: '1' } });
    const made = again.create(configMaps, map('b'));
    expect(again.since(Number(lost.metadata.resourceVersion))).toBeNull();
    expect(again.since(Number(made.metadata.resourceVersion) - 1)).toHaveLength(1);
  });
});
