import { expect, it } from 'vitest';
import { kinds } from '../../../src/sandbox/cluster/kinds.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import { ensureClusterObjects } from '../../../src/sandbox/supervisor/cluster-objects.ts';

it('gives a cluster its namespaces and a Service that follows the port of the API', () => {
  const store = createStore(undefined, () => new Date());
  ensureClusterObjects(store, 4001);
  const before = store.get(kinds.services, 'default', 'kubernetes');
  ensureClusterObjects(store, 4001);
  expect(store.get(kinds.services, 'default', 'kubernetes')).toEqual(before);
  ensureClusterObjects(store, 4002);
  expect(store.list(kinds.namespaces).map(({ metadata }) => metadata.name)).toEqual([
    'default',
    'kube-system',
  ]);
  expect(store.get(kinds.services, 'default', 'kubernetes')).toMatchObject({
    spec: { ports: [{ port: 4002 }] },
  });
  expect(store.get(kinds.endpoints, 'default', 'kubernetes')).toMatchObject({
    subsets: [{ ports: [{ port: 4002 }] }],
  });
});
