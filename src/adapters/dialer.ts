import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Dialer } from '../ports/dialer.ts';
import type { KubePort } from '../ports/kube.ts';
import { looksInside } from './kube/cluster-name.ts';
import type { Destination } from './kube/destination.ts';
import { destinationOf } from './kube/destination.ts';
import { codeOf, DialError } from './net/network-error.ts';

/** Connects by TCP from this machine. Rejects with Node's own `code`. */
async function connectDirect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  const socket = connectTcp({ host, port, noDelay: true });
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return socket;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Every connection from this machine. */
export function directDialer(): Dialer {
  return { connect: connectDirect, route: () => 'direct' };
}

/**
 * Connections from a pod. A Service's short name means that of the namespace of who uses it, and lfctl may run in
 * another one: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services
 */
export function podDialer(namespace: string, connect: Dialer['connect'] = connectDirect): Dialer {
  return {
    async connect(host, port, signal) {
      if (!/^[a-z][a-z0-9-]*$/i.test(host) || host === 'localhost') return await connect(host, port, signal);
      try {
        return await connect(`${host}.${namespace}.svc`, port, signal);
      } catch (error) {
        if (signal.aborted || !['ENOTFOUND', 'EAI_AGAIN'].includes(codeOf(error) ?? '')) throw error;
        return await connect(host, port, signal);
      }
    },
    route: () => 'direct',
  };
}

/**
 * Connections into the cluster through its API, one port-forward each, so that a broken one harms no other and
 * the next connect finds the pod that is ready then. What is outside of the cluster is dialled directly.
 */
export function clusterDialer(kube: KubePort, defaultNamespace: string): Dialer {
  const seen = new Map<string, Destination['kind']>();
  return {
    async connect(host, port, signal) {
      const destination = await destinationOf(kube, defaultNamespace, host, port);
      seen.set(host, destination.kind);
      if (destination.kind === 'pod')
        return await kube.forward(destination.namespace, destination.pod, destination.port, signal);
      return await connectOutside(destination, host, signal);
    },
    async findRoute(host, port) {
      // What stands in the way is told by `connect`, in its own words.
      const destination = await destinationOf(kube, defaultNamespace, host, port).catch(() => null);
      return destination?.kind === 'direct' ? 'direct' : 'port-forward';
    },
    route(host) {
      const kind = seen.get(host);
      if (kind !== undefined) return kind === 'pod' ? 'port-forward' : 'direct';
      return looksInside(host) ? 'port-forward' : 'direct';
    },
  };
}

/** A host that is no Service: when it does not answer from here either, the error says who may reach it. */
async function connectOutside(
  destination: Destination & { kind: 'direct' },
  host: string,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    return await connectDirect(destination.host, destination.port, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof Error) || !('code' in error)) throw error;
    const code = error.code;
    if (code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code === 'ECONNREFUSED')
      throw new DialError(
        code,
        `${wordsOf[code]} from this machine; ${host} is no Service, perhaps only the cluster reaches it`,
      );
    throw error;
  }
}

const wordsOf = {
  ENOTFOUND: 'the host name is not known',
  ETIMEDOUT: 'no connection in time',
  ECONNREFUSED: 'connection refused',
} as const;

/** The way that fits: port-forwards from outside of a cluster, direct in a pod or without a cluster. */
export function dialerFor(kube: KubePort | null, defaultNamespace: string | null): Dialer {
  if (kube === null) return directDialer();
  const namespace = defaultNamespace ?? kube.context.namespace;
  return kube.context.inCluster ? podDialer(namespace) : clusterDialer(kube, namespace);
}
