import type { Duplex } from 'node:stream';
import type { KubeObject } from './kube-objects.ts';

/** A kind of object as the API's paths name it, for example `{ group: 'apps', version: 'v1', plural: 'deployments' }`. */
export interface KubeResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** Where the API is and how lfctl got there. */
export interface KubeContext {
  /** Context name of the kubeconfig, or `in-cluster`. */
  readonly name: string;
  readonly server: string;
  /** Namespace of the context, `default` when it names none. */
  readonly namespace: string;
  /** True when lfctl runs in a pod of this cluster. */
  readonly inCluster: boolean;
  /** Host and port of the proxy on the way to it. */
  readonly proxy?: string;
}

/** Narrows a list, as the API's query does. */
export interface ListOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Narrows a log, as the API's query does. */
export interface LogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The container's run before its last restart. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** Each line with the time that the kubelet saw it, RFC 3339, and a space before it. */
  readonly timestamps?: boolean;
}

/** One right, as SelfSubjectAccessReview takes it. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  /** Plural, with a subresource after a slash: `pods/log`. */
  readonly resource: string;
  readonly namespace?: string;
}

/** What must still hold for an object that is removed. */
interface RemovePreconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** How a program in a container ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The Kubernetes API. What changes something is for plans that were confirmed, and for lfctl's own lock and journal.
 * Every call throws LfctlError KUBE_UNREACHABLE, _TIMEOUT, _TLS, _UNAUTHORIZED, _API, and
 * KUBE_FORBIDDEN whose message names verb, resource and namespace.
 */
export interface KubePort {
  readonly context: KubeContext;
  /** Server version, for example `v1.31.2`. */
  readonly version: () => Promise<string>;
  /** All objects; pages through `continue`. An unknown resource (404) gives an empty list. */
  readonly list: <Kind extends KubeObject>(resource: KubeResource, options?: ListOptions) => Promise<Kind[]>;
  /** One object; null when it does not exist. */
  readonly get: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    name: string,
  ) => Promise<Kind | null>;
  /** Makes an object. @throws LfctlError KUBE_CONFLICT when one of that name exists */
  readonly create: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string,
    object: Kind,
  ) => Promise<Kind>;
  /** Puts an object in the place of the one of its resourceVersion. @throws LfctlError KUBE_CONFLICT, KUBE_NOT_FOUND */
  readonly replace: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string,
    object: Kind,
  ) => Promise<Kind>;
  /**
   * Changes the named fields alone (JSON merge patch, RFC 7386: null takes a field away); with a
   * `metadata.resourceVersion` only that version of the object. @throws LfctlError KUBE_CONFLICT, KUBE_NOT_FOUND
   */
  readonly patch: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string,
    name: string,
    patch: object,
  ) => Promise<Kind>;
  /** False when there was none. @throws LfctlError KUBE_CONFLICT where a precondition does not hold */
  readonly remove: (
    resource: KubeResource,
    namespace: string,
    name: string,
    preconditions?: RemovePreconditions,
  ) => Promise<boolean>;
  /** Log text; empty when there is no previous container. */
  readonly logs: (options: LogOptions) => Promise<string>;
  readonly can: (question: AccessQuestion) => Promise<boolean>;
  /** One connection to a port of a pod. @throws LfctlError KUBE_FORWARD, KUBE_FORBIDDEN */
  readonly forward: (namespace: string, pod: string, port: number, signal: AbortSignal) => Promise<Duplex>;
  /** Runs a command in a container. A stream that ends without a status is a failure. Only `--probe` uses it. */
  readonly exec: (
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    signal: AbortSignal,
  ) => Promise<ExecResult>;
  readonly close: () => void;
}

/** How to find the cluster; empty means the usual rules (KUBECONFIG, ~/.kube/config, service account). */
export interface KubeAccess {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Deadline for one request, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Environment to read KUBECONFIG, HOME, HTTPS_PROXY and NO_PROXY from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws LfctlError KUBE_CONFIG when nothing usable is found */
export type OpenKube = (access: KubeAccess) => Promise<KubePort>;
