import { isIP } from 'node:net';
import type { Pod } from '../../../ports/kube-objects.ts';
import { found, kinds } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { addressPool } from './addresses.ts';
import { type BlackHole, openBlackHole } from './black-hole.ts';
import { lookUp, type NameTarget } from './names.ts';
import { mayReach } from './policies.ts';

/** The pod that asks for a name. */
export interface Asker {
  readonly namespace: string;
  readonly pod?: string;
}

/** The cluster's DNS, as its pods see it. */
export interface Resolver {
  /** Addresses of a name as this pod sees it. @throws an error with code ENOTFOUND */
  readonly resolve: (hostname: string, from: Asker) => Promise<readonly string[]>;
  readonly close: () => void;
}

/** An error as Node's own dns.lookup gives it. */
function notFound(hostname: string): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname });
}

/** The cluster's DNS. Names that a NetworkPolicy denies lead into a black hole on the target's ports. */
export function startResolver(store: ObjectStore, first: number, range: readonly [number, number]): Resolver {
  const pool = addressPool(first, ...range);
  const holes = new Map<string, Promise<BlackHole>>();
  const hole = async (target: NameTarget): Promise<string> => {
    const address = pool.take(target.addresses.join());
    for (const port of new Set(target.ports)) {
      const key = `${address}:${port}`;
      if (!holes.has(key)) holes.set(key, openBlackHole(address, port));
      await holes.get(key);
    }
    return address;
  };
  return {
    resolve: async (hostname, from) => {
      if (isIP(hostname) !== 0) return [hostname];
      const asker = from.pod === undefined ? null : found<Pod>(store, kinds.pods, from.namespace, from.pod);
      if (isOwnName(hostname, asker)) return [asker?.status?.podIP ?? '127.0.0.1'];
      const target = lookUp(store, hostname, from.namespace);
      if (target === null) throw notFound(hostname);
      if (asker !== null && isDenied(store, asker, target)) return [await hole(target)];
      return target.addresses;
    },
    close: () => {
      for (const opened of holes.values()) void opened.then((each) => each.close()).catch(() => undefined);
    },
  };
}

function isOwnName(hostname: string, asker: Pod | null): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === asker?.metadata.name;
}

function isDenied(store: ObjectStore, asker: Pod, { pods, targetPorts }: NameTarget): boolean {
  return pods.length > 0 && pods.every((pod) => !mayReach(store, asker, pod, targetPorts));
}
