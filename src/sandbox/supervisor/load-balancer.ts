import type { Endpoints } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Network } from '../cluster/network/network.ts';
import { found } from '../cluster/kinds.ts';
import type { ObjectStore } from '../cluster/objects.ts';
import type { Layout } from '../layouts/layout.ts';
import type { LoadBalancerStyle } from '../programs/load-balancer/pages.ts';
import type { LoadBalancer } from '../programs/load-balancer/proxy.ts';
import { startLoadBalancer } from '../programs/load-balancer/proxy.ts';

/**
 * How long each keeps an idle connection to a backend: Google's cannot be changed, nginx' and Envoy's are defaults
 * (https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout).
 */
const idleMs: Readonly<Record<LoadBalancerStyle, number>> = {
  gclb: 600_000,
  nginx: 60_000,
  envoy: 3_600_000,
};
const port = 8080;

/** Puts the load balancer before web and writes its address into the Ingress. */
export async function startFront(
  store: ObjectStore,
  network: Network,
  { names, front: style }: Pick<Layout, 'names' | 'front'>,
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
  const front = await startLoadBalancer({ address, port, idleMs: idleMs[style], style, upstream });
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
  const subsets = found<Endpoints>(store, resources.endpoints, namespace, service)?.subsets ?? [];
  return subsets.flatMap(({ addresses }) => (addresses ?? []).map(({ ip }) => ip));
}
