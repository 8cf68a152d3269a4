import type { ConfigMap, KubeObject, KubeSecret, Pod, Service } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { KubeResource } from '../../src/ports/kube.ts';
import { seededMaps } from './kube-suite.ts';

/** What the suite reads, in the order it must be created. */
export function seeds(namespace: string): { resource: KubeResource; object: KubeObject }[] {
  const space: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const secret: KubeSecret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login', namespace },
    data: { password: Buffer.from('hidden').toString('base64') },
  };
  const maps = Array.from({ length: seededMaps }, (_, index): ConfigMap => {
    const labels = { half: index % 2 === 0 ? 'first' : 'second' };
    const metadata = { name: `map-${index}`, namespace, labels };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { index: String(index) } };
  });
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace },
    // No port: the headless name leads to whatever port of the pod is asked for.
    spec: { clusterIP: 'None', selector: { app: 'web' } },
  };
  return [
    { resource: resources.namespaces, object: space },
    { resource: resources.secrets, object: secret },
    { resource: resources.services, object: service },
    ...maps.map((object) => ({ resource: resources.configMaps, object })),
  ];
}

/** A ready pod `web`, and `fresh` that never restarted. */
export function seededPods(namespace: string): Pod[] {
  return ['web', 'fresh'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: { nodeName: 'node', containers: [{ name: 'web', image: 'web' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }));
}

/** A kubeconfig with one context; `as` acts for someone else. */
export function kubeconfigText(server: string, authority: string, token: string): string {
  const encoded = Buffer.from(authority).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': encoded } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'contract' } }],
    'current-context': 'test',
  });
}
