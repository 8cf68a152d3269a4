import { expect, it } from 'vitest';
import { openKube } from '../../src/adapters/kube.ts';
import type { ConfigMap, KubeSecret, Lease } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { KubeAccess, KubePort } from '../../src/ports/kube.ts';
import { errorOf } from '../adapters/support.ts';
import type { KubeTarget } from './kube-suite.ts';

const map = (name: string, data: Readonly<Record<string, string>>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

async function using<Value>(access: KubeAccess, run: (port: KubePort) => Promise<Value>): Promise<Value> {
  const port = await openKube(access);
  try {
    return await run(port);
  } finally {
    port.close();
  }
}

/** What every Kubernetes API behind the port does with changes. */
export function kubeWriteSuite(target: () => KubeTarget): void {
  const admin = async <Value>(run: (port: KubePort, namespace: string) => Promise<Value>): Promise<Value> =>
    await using(target().admin, async (port) => await run(port, target().namespace));

  it('creates once, changes named fields alone, and removes', async () => {
    await admin(async (port, namespace) => {
      const made = await port.create(resources.configMaps, namespace, map('w-once', { a: '1', b: '2' }));
      expect(made.metadata.resourceVersion).toMatch(/^\d+$/);
      const again = await errorOf(port.create(resources.configMaps, namespace, map('w-once', {})));
      expect([again.code, again.message]).toEqual([
        'KUBE_CONFLICT',
        expect.stringContaining('"w-once" already exists'),
      ]);
      const patch = { data: { a: null, c: '3' } };
      const changed = await port.patch<ConfigMap>(resources.configMaps, namespace, 'w-once', patch);
      expect(changed.data).toEqual({ b: '2', c: '3' });
      expect(await port.remove(resources.configMaps, namespace, 'w-once')).toBe(true);
      expect(await port.remove(resources.configMaps, namespace, 'w-once')).toBe(false);
      const gone = await errorOf(port.patch(resources.configMaps, namespace, 'w-once', patch));
      expect(gone.code).toBe('KUBE_NOT_FOUND');
    });
  });

  it('refuses what was made from an older version', async () => {
    await admin(async (port, namespace) => {
      const first = await port.create(resources.configMaps, namespace, map('w-stale', { a: '1' }));
      const { resourceVersion } = first.metadata;
      await port.patch(resources.configMaps, namespace, 'w-stale', { data: { a: '2' } });
      const stale = [
        port.replace(resources.configMaps, namespace, { ...first, data: { a: '3' } }),
        port.patch(resources.configMaps, namespace, 'w-stale', {
          metadata: { resourceVersion },
          data: { a: '3' },
        }),
        port.remove(resources.configMaps, namespace, 'w-stale', { resourceVersion: resourceVersion ?? '' }),
        port.remove(resources.configMaps, namespace, 'w-stale', { uid: 'another' }),
      ];
      for (const attempt of stale) expect((await errorOf(attempt)).code).toBe('KUBE_CONFLICT');
      const current = await port.get<ConfigMap>(resources.configMaps, namespace, 'w-stale');
      expect(current?.data).toEqual({ a: '2' });
      const { uid = '' } = current?.metadata ?? {};
      expect(await port.remove(resources.configMaps, namespace, 'w-stale', { uid })).toBe(true);
    });
  });

  it('holds a lease for one, until that one’s version is replaced', async () => {
    await admin(async (port, namespace) => {
      const at = (seconds: number): string => `2026-11-21T17:00:0${seconds}.000000Z`;
      const lease: Lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'w-lock' },
        spec: { holderIdentity: 'one', renewTime: at(0) },
      };
      const held = await port.create(resources.leases, namespace, lease);
      expect((await errorOf(port.create(resources.leases, namespace, lease))).code).toBe('KUBE_CONFLICT');
      const renewed = await port.replace(resources.leases, namespace, {
        ...held,
        spec: { ...held.spec, renewTime: at(1) },
      });
      expect(renewed.spec).toEqual({ holderIdentity: 'one', renewTime: at(1) });
      const taken = port.replace(resources.leases, namespace, {
        ...held,
        spec: { ...held.spec, holderIdentity: 'two' },
      });
      expect((await errorOf(taken)).code).toBe('KUBE_CONFLICT');
      const blind = port.replace(resources.leases, namespace, {
        ...lease,
        spec: { ...lease.spec, holderIdentity: 'two' },
      });
      expect((await errorOf(blind)).code).toMatch(/^KUBE_/);
      expect(await port.remove(resources.leases, namespace, 'w-lock')).toBe(true);
    });
  });

  it('keeps a Secret’s other keys when one is changed', async () => {
    await admin(async (port, namespace) => {
      const encoded = (text: string): string => Buffer.from(text).toString('base64');
      const secret: KubeSecret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'w-secret' },
        type: 'Opaque',
        data: { key: encoded('old'), other: encoded('kept') },
      };
      await port.create(resources.secrets, namespace, secret);
      const patch = { data: { key: encoded('new') } };
      const changed = await port.patch<KubeSecret>(resources.secrets, namespace, 'w-secret', patch);
      expect(changed.data).toEqual({ key: encoded('new'), other: encoded('kept') });
      await port.remove(resources.secrets, namespace, 'w-secret');
    });
  });

  it('names the right to write that is missing', async () => {
    const { namespace, nobody } = target();
    await using(nobody, async (port) => {
      const created = await errorOf(port.create(resources.configMaps, namespace, map('w-no', {})));
      expect([created.code, created.message]).toEqual([
        'KUBE_FORBIDDEN',
        `forbidden: create configmaps in ${namespace}`,
      ]);
      const patched = await errorOf(port.patch(resources.secrets, namespace, 'login', {}));
      expect(patched.message).toBe(`forbidden: patch secrets in ${namespace}`);
      const removed = await errorOf(port.remove(resources.leases, namespace, 'w-lock'));
      expect(removed.message).toBe(`forbidden: delete leases.coordination.k8s.io in ${namespace}`);
      expect(await port.can({ verb: 'patch', group: 'apps', resource: 'deployments', namespace })).toBe(
        false,
      );
    });
  });
}
