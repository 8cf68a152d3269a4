import type { Service } from '../../../ports/kube-objects.ts';
import { kinds, listed, sameKind } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { addressAt, addressPool, offsets, takeBlock } from './addresses.ts';
import { type Asker, startResolver } from './resolver.ts';
import { resolverPath, serveResolver } from './resolver-socket.ts';
import { serviceProxies } from './services.ts';

/** What the network works on. */
export interface NetworkOptions {
  readonly store: ObjectStore;
  readonly stateFolder: string;
  /** What the block of addresses is derived from: the sandbox's name. */
  readonly seed: string;
}

/** Addresses, Services and names of one sandbox. */
export interface Network {
  /** Path of the unix socket that answers names. */
  readonly resolverSocket: string;
  /** The node's own address: hostIP of all pods. */
  readonly nodeAddress: string;
  /** A free address for a pod; the same one again for the same pod. */
  readonly podAddress: (podUid: string) => string;
  /** Keeps an address that a running pod already has. */
  readonly claim: (podUid: string, address: string) => void;
  readonly release: (podUid: string) => void;
  /** A free address for a Service. Services that come without a clusterIP get one by themselves. */
  readonly serviceAddress: () => string;
  /** Asks as a pod of that namespace would. @throws an error with code ENOTFOUND */
  readonly resolve: (hostname: string, from: Asker) => Promise<string>;
  /** Ports that could not be served, each as one sentence. */
  readonly problems: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * Starts the service network of a sandbox: addresses in a block of 127.0.0.0/8 of its own, a proxy per
 * Service port, and the resolver. @throws LfctlError SANDBOX_PORT when the block is in use
 */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { store, stateFolder, seed } = options;
  const { first, guard } = await takeBlock(stateFolder, seed);
  const pods = addressPool(first, offsets.pods, offsets.end);
  const services = addressPool(first, offsets.services, offsets.blackHoles);
  const resolver = startResolver(store, first, [offsets.blackHoles, offsets.pods]);
  const resolverSocket = resolverPath(stateFolder);
  const server = await serveResolver(resolverSocket, resolver);
  const proxies = serviceProxies(store);
  const unwatch = followServices(store, services, first, proxies.sync);
  let serial = 0;
  return {
    resolverSocket,
    nodeAddress: addressAt(first, offsets.node),
    podAddress: pods.take,
    claim: pods.keep,
    release: pods.free,
    serviceAddress: () => services.take(`asked-${(serial += 1)}`),
    resolve: async (hostname, from) => (await resolver.resolve(hostname, from))[0] ?? '',
    problems: proxies.problems,
    stop: async () => {
      unwatch();
      resolver.close();
      await Promise.all([proxies.close(), server.close()]);
      await new Promise((resolve) => void guard.close(resolve));
    },
  };
}

/** Gives Services their addresses and keeps the proxies in step with Services and Endpoints. */
function followServices(
  store: ObjectStore,
  pool: ReturnType<typeof addressPool>,
  first: number,
  sync: () => void,
): () => void {
  const own = (address: string): boolean => {
    const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    return value >= first + offsets.services && value < first + offsets.blackHoles;
  };
  const settle = (): void => {
    const services = listed<Service>(store, kinds.services);
    for (const { spec, metadata } of services)
      if (own(spec.clusterIP ?? '')) pool.keep(metadata.uid ?? '', spec.clusterIP ?? '');
    for (const service of services) if (needsAddress(service, own)) giveAddress(store, service, pool);
    sync();
  };
  settle();
  return store.watch(({ resource, type, object }) => {
    if (sameKind(resource, kinds.services)) {
      if (type === 'DELETED') pool.free(object.metadata.uid ?? '');
      settle();
    } else if (sameKind(resource, kinds.endpoints)) sync();
  });
}

function needsAddress({ spec }: Service, own: (address: string) => boolean): boolean {
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return false;
  return !own(spec.clusterIP ?? '');
}

function giveAddress(store: ObjectStore, service: Service, pool: ReturnType<typeof addressPool>): void {
  const clusterIP = pool.take(service.metadata.uid ?? '');
  const { resourceVersion: _, ...metadata } = service.metadata;
  const next = { ...service, metadata, spec: { ...service.spec, clusterIP, clusterIPs: [clusterIP] } };
  store.update(kinds.services, next);
}
