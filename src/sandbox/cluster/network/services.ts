import type { KubeObject, Service } from '../../../ports/kube-objects.ts';
import { found, kinds, listed } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { type Backend, type ServicePortProxy, startServicePort } from './proxy.ts';

interface EndpointsObject extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly {
      readonly ip: string;
      readonly hostname?: string;
      readonly targetRef?: { name?: string };
    }[];
    readonly notReadyAddresses?: readonly { readonly ip: string; readonly targetRef?: { name?: string } }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}

/** Ready endpoints of one port of a Service. */
function backendsOf(store: ObjectStore, service: Service, portName: string | undefined): readonly Backend[] {
  const endpoints = endpointsOf(store, service);
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports
      .filter(({ name }) => name === portName)
      .flatMap(({ port }) => addresses.map(({ ip }) => ({ address: ip, port }))),
  );
}

/** Addresses behind a Service: what a headless Service's name gives. */
export function readyAddresses(store: ObjectStore, service: Service): readonly string[] {
  const endpoints = endpointsOf(store, service);
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip));
}

function endpointsOf(store: ObjectStore, { metadata }: Service): EndpointsObject | null {
  return found<EndpointsObject>(store, kinds.endpoints, metadata.namespace ?? null, metadata.name);
}

/** A Service without an address of its own: its name stands for its pods. */
export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === 'None';
}

/** All Services' proxies. */
export interface ServiceProxies {
  /** Brings the listeners to the Services and Endpoints of the store. */
  readonly sync: () => void;
  readonly problems: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** One listener per address and port of a Service with ready endpoints. */
export function serviceProxies(store: ObjectStore): ServiceProxies {
  const proxies = new Map<string, ServicePortProxy>();
  const problems = new Map<string, string>();
  const open = (key: string, address: string, port: number): ServicePortProxy => {
    const proxy = startServicePort(address, port, (problem) => {
      if (problem === null) problems.delete(key);
      else problems.set(key, problem);
    });
    proxies.set(key, proxy);
    return proxy;
  };
  return {
    sync: () => {
      const wanted = new Set<string>();
      for (const service of listed<Service>(store, kinds.services))
        for (const { port, name } of service.spec.ports ?? []) {
          const address = service.spec.clusterIP ?? '';
          if (!address.startsWith('127.')) continue;
          const key = `${address}:${port}`;
          wanted.add(key);
          (proxies.get(key) ?? open(key, address, port)).setBackends(backendsOf(store, service, name));
        }
      for (const [key, proxy] of proxies)
        if (!wanted.has(key)) {
          proxies.delete(key);
          problems.delete(key);
          void proxy.close();
        }
    },
    problems: () => [...problems.values()],
    close: async () => {
      await Promise.all([...proxies.values()].map(async (proxy) => proxy.close()));
    },
  };
}
