import type { Duplex } from 'node:stream';

/** How lfctl's own connection to a host goes. */
type DialRoute = 'direct' | 'port-forward';

/**
 * The one way to reach a store or a pod: a connection to the host and port that Langfuse itself uses,
 * made directly or through the Kubernetes API. Host names, TLS names and signatures stay the real ones.
 */
export interface Dialer {
  /**
   * Opens one connection. Rejects with a Node-style `code`: ECONNREFUSED, ENOTFOUND, ETIMEDOUT,
   * or with an LfctlError (KUBE_FORWARD, KUBE_FORBIDDEN) when the tunnel itself could not be made.
   */
  readonly connect: (host: string, port: number, signal: AbortSignal) => Promise<Duplex>;
  /** Which way `connect` would take to this host. */
  readonly route: (host: string) => DialRoute;
  /** The same by asking the cluster, for names such as `a.b` that may be a Service's or a public host's. Absent where `route` is sure. */
  readonly findRoute?: (host: string, port: number) => Promise<DialRoute>;
}

/** What every store adapter needs to open a connection and to never hang. */
export interface Access {
  readonly dialer: Dialer;
  /** Deadline for a connection with its login, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Deadline for one query, in milliseconds. */
  readonly queryTimeoutMs: number;
  /** Ends everything: the run's own deadline or Ctrl-C. */
  readonly signal: AbortSignal;
}
