import type { KubeObject, Service } from '../../ports/kube-objects.ts';
import { found, kinds } from '../cluster/kinds.ts';
import type { ObjectStore } from '../cluster/objects.ts';

/**
 * What every cluster has before anybody installs something: the namespaces `default` and `kube-system`, and the
 * Service `kubernetes`, which leads from the pods to the API. Its port is the API's own: 443 would need root.
 */
export function ensureClusterObjects(store: ObjectStore, apiPort: number): void {
  for (const name of ['default', 'kube-system'])
    if (found(store, kinds.namespaces, null, name) === null)
      store.create(kinds.namespaces, namespaceObject(name));
  const service = found<Service>(store, kinds.services, 'default', 'kubernetes');
  if (service?.spec.ports?.[0]?.port === apiPort) return;
  // The API has another port than in its last life.
  if (service !== null) store.remove(kinds.services, 'default', 'kubernetes');
  if (found(store, kinds.endpoints, 'default', 'kubernetes') !== null)
    store.remove(kinds.endpoints, 'default', 'kubernetes');
  store.create(kinds.endpoints, endpointsObject(apiPort));
  store.create(kinds.services, serviceObject(apiPort));
}

const metadata = {
  name: 'kubernetes',
  namespace: 'default',
  labels: { component: 'apiserver', provider: 'kubernetes' },
};

function namespaceObject(name: string): KubeObject {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
  return namespace;
}

function serviceObject(port: number): KubeObject {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'ClusterIP', ports: [{ name: 'https', protocol: 'TCP', port, targetPort: port }] },
  };
  return service;
}

function endpointsObject(port: number): KubeObject {
  const endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata,
    subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'https', protocol: 'TCP', port }] }],
  };
  return endpoints;
}
