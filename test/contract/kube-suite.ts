import { expect, it } from 'vitest';
import { openKube } from '../../src/adapters/kube.ts';
import type { ConfigMap, KubeObject, KubeSecret } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { KubeAccess, KubePort } from '../../src/ports/kube.ts';
import { errorOf } from '../adapters/support.ts';

/** An API server with a namespace that holds what the suite reads. */
export interface KubeTarget {
  /** As a user who may do all. */
  readonly admin: KubeAccess;
  /** As a user who may do nothing. */
  readonly nobody: KubeAccess;
  /** Holds ConfigMaps map-0 … map-619 (label `half` first or second), Secret `login` (key `password`). */
  readonly namespace: string;
}

export const seededMaps = 620;

async function using<Value>(access: KubeAccess, run: (port: KubePort) => Promise<Value>): Promise<Value> {
  const port = await openKube(access);
  try {
    return await run(port);
  } finally {
    port.close();
  }
}

/** What every Kubernetes API behind the port does. */
export function kubeSuite(target: () => KubeTarget): void {
  it('tells the version and where it is', async () => {
    await using(target().admin, async (port) => {
      expect(await port.version()).toMatch(/^v1\.\d+/);
      expect(port.context.server).toMatch(/^https?:/);
      expect(port.context.inCluster).toBe(false);
    });
  });

  it('lists everything, over several pages', async () => {
    const { namespace } = target();
    const maps = await using(target().admin, (port) => port.list(resources.configMaps, { namespace }));
    const names = new Set(maps.map((one) => one.metadata.name).filter((name) => name.startsWith('map-')));
    expect(names.size).toBe(seededMaps);
  });

  it('lists by label and by field, in one and in all namespaces', async () => {
    const { namespace } = target();
    await using(target().admin, async (port) => {
      const half = await port.list(resources.configMaps, { namespace, labelSelector: 'half=first' });
      expect(half.length).toBe(seededMaps / 2);
      const fieldSelector = 'metadata.name=map-7';
      const one = await port.list<ConfigMap>(resources.configMaps, { fieldSelector });
      expect(one.map((map) => map.metadata.namespace)).toContain(namespace);
      expect(await port.list(resources.configMaps, { namespace: 'no-such-namespace' })).toEqual([]);
    });
  });

  it('gets an object, and null for one that is not there', async () => {
    const { namespace } = target();
    await using(target().admin, async (port) => {
      const secret = await port.get<KubeSecret>(resources.secrets, namespace, 'login');
      expect(Buffer.from(secret?.data?.['password'] ?? '', 'base64').toString()).toBe('hidden');
      expect(await port.get(resources.secrets, namespace, 'none')).toBeNull();
      const space = await port.get<KubeObject>(resources.namespaces, null, namespace);
      expect(space?.metadata.name).toBe(namespace);
    });
  });

  it('takes a kind that the cluster does not have for an empty list', async () => {
    const nothing = { group: 'no.such.group', version: 'v1', plural: 'things' };
    expect(await using(target().admin, (port) => port.list(nothing))).toEqual([]);
    expect(await using(target().admin, (port) => port.get(nothing, 'default', 'x'))).toBeNull();
  });

  it('asks for rights', async () => {
    const { namespace, admin, nobody } = target();
    const question = { verb: 'get', group: '', resource: 'pods/log', namespace };
    expect(await using(admin, (port) => port.can(question))).toBe(true);
    expect(await using(nobody, (port) => port.can(question))).toBe(false);
  });

  it('names the right that is missing', async () => {
    const { namespace, nobody } = target();
    await using(nobody, async (port) => {
      const list = await errorOf(port.list(resources.pods, { namespace }));
      expect(list.code).toBe('KUBE_FORBIDDEN');
      expect(list.message).toBe(`forbidden: list pods in ${namespace}`);
      const all = await errorOf(port.list(resources.deployments));
      expect(all.message).toBe('forbidden: list deployments.apps in all namespaces');
      const get = await errorOf(port.get(resources.secrets, namespace, 'login'));
      expect(get.message).toBe(`forbidden: get secrets in ${namespace}`);
      const logs = await errorOf(port.logs({ namespace, pod: 'web', container: 'web' }));
      expect(logs.message).toBe(`forbidden: get pods/log in ${namespace}`);
      const forward = await errorOf(port.forward(namespace, 'web', 80, new AbortController().signal));
      expect(forward.message).toMatch(/^forbidden: (?:get|create) pods\/portforward in /);
    });
  });

  it('says that a pod is not there', async () => {
    const { namespace, admin } = target();
    const error = await errorOf(
      using(admin, (port) => port.logs({ namespace, pod: 'no-such-pod', container: 'web' })),
    );
    expect(error.code).toBe('KUBE_NOT_FOUND');
    expect(error.message).toContain('no-such-pod');
  });
}
