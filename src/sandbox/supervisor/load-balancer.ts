import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Network } from '../cluster/network/network.ts';
import type { ObjectStore } from '../cluster/objects.ts';
import type { SandboxNames } from '../fault.ts';
import type { LoadBalancer } from '../programs/load-balancer/proxy.ts';
import { startLoadBalancer } from '../programs/load-balancer/proxy.ts';

/** Google's load balancer keeps idle connections to backends for 600 s; it cannot be changed. */
const gclbIdleMs = 600_000;
const port = 8080;

interface Endpoints extends KubeObject {
  readonly subsets?: readonly { readonly addresses?: readonly { readonly ip: string }[] }[];
}

/** Puts the load balancer before web and writes its address into the Ingress. */
export async function startFront(
  store: ObjectStore,
  network: Network,
  names: SandboxNames,
): Promise<LoadBalancer & { readonly url: string }> {
  const address = network.serviceAddress();
  let turn = 0;
  const upstream = (): Promise<{ host: string; port: number }> => {
    const hosts = readyAddresses(store, names.namespace, names.webService);
    const host = hosts[turn++ % Math.max(hosts.length, 1)];
    return host === undefined
      ? Promise.reject(new Error('no healthy upstream'))
      : Promise.resolve({ host, port: 3000 });
  };
  const front = await startLoadBalancer({ address, port, idleMs: gclbIdleMs, style: 'gclb', upstream });
  const { ingresses } = resources;
  const publish = (): void => {
    for (const { metadata } of store.list(ingresses))
      store.setStatus(ingresses, metadata.namespace ?? null, metadata.name, {
        loadBalancer: { ingress: [{ ip: address }] },
      });
  };
  const stop = store.watch(({ resource, type }) => {
    if (resource.plural === 'ingresses' && type === 'ADDED') publish();
  });
  publish();
  return {
    port: front.port,
    url: `http://${address}:${front.port}`,
    close: () => {
      stop();
      return front.close();
    },
  };
}

function readyAddresses(store: ObjectStore, namespace: string, service: string): string[] {
  const found = store.get(resources.endpoints, namespace, service);
  const subsets = (found as Endpoints | null)?.subsets ?? [];
  return subsets.flatMap(({ addresses }) => (addresses ?? []).map(({ ip }) => ip));
}
