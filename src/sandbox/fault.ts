import type { Generation } from '../deployment/model.ts';
import type { KubeObject, Workload } from '../ports/kube-objects.ts';
import type { KubeResource } from '../ports/kube.ts';

/** How a sandbox's Langfuse is installed. */
export type LayoutName = 'runbook' | 'chart-1' | 'chart-2' | 'plain';

/** Who applies the objects instead of a person with Helm or kubectl: told by labels and owner fields. */
export type LayoutOwner = 'argo-cd' | 'operator';

/** How Langfuse 4 writes (LANGFUSE_MIGRATION_V4_WRITE_MODE). */
export type WriteMode = 'events_only' | 'dual' | 'legacy';

/** Names that differ between layouts, so that one fault works on all. */
export interface SandboxNames {
  readonly namespace: string;
  /** The Helm release; null where Helm is not used. */
  readonly release: string | null;
  /** The Deployment that serves users; `webs` has it first, then the others that run the web image. */
  readonly web: string;
  readonly webs: readonly string[];
  readonly webService: string;
  /** Null for Langfuse 2, which has none. */
  readonly worker: string | null;
  readonly postgres: StoreNames & { readonly user: string; readonly database: string };
  /** Null for Langfuse 2. */
  readonly clickhouse: (StoreNames & { readonly user: string }) | null;
  /** Null for Langfuse 2. */
  readonly redis: StoreNames | null;
  readonly objects: StoreNames;
  readonly liteLlm: {
    readonly namespace: string;
    readonly workload: string;
    readonly configMap: string;
    readonly secret: string;
  };
}

/** Where a store is in the cluster. */
export interface StoreNames {
  readonly namespace: string;
  readonly workload: string;
  readonly kind: 'deployments' | 'statefulsets';
  readonly service: string;
}

/** What a fault may use: what an operator could do with kubectl, and the stores' own protocols. */
export interface FaultContext {
  readonly names: SandboxNames;
  readonly generation: Generation;
  /** Cluster objects through the sandbox's API, as an admin. */
  readonly kube: FaultKube;
  /** Runs SQL as the app's owner role. */
  readonly postgres: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  readonly clickhouse: <Row>(sql: string) => Promise<Row[]>;
  readonly redis: (command: string, ...args: readonly (string | number)[]) => Promise<unknown>;
  /** Waits until the condition holds; rejects with SANDBOX_START after the deadline. */
  readonly until: (what: string, condition: () => Promise<boolean>, timeoutMs?: number) => Promise<void>;
  /** Values kept between break and mend, in the sandbox's state folder. */
  readonly memory: {
    readonly get: (key: string) => unknown;
    readonly set: (key: string, value: unknown) => void;
  };
}

/** What faults may do in the cluster. */
export interface FaultKube {
  readonly get: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string,
    name: string,
  ) => Promise<Kind | null>;
  readonly list: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string,
    labelSelector?: string,
  ) => Promise<Kind[]>;
  /** JSON merge patch. */
  readonly patch: (resource: KubeResource, namespace: string, name: string, body: unknown) => Promise<void>;
  readonly create: (
    resource: KubeResource,
    object: KubeObject & Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  readonly remove: (resource: KubeResource, namespace: string, name: string) => Promise<void>;
  readonly logs: (namespace: string, pod: string, container: string, previous?: boolean) => Promise<string>;
  /** Sets keys of a Secret (plain text in); null removes one. */
  readonly setSecret: (
    namespace: string,
    name: string,
    values: Readonly<Record<string, string | null>>,
  ) => Promise<void>;
  /** kubectl rollout restart (with other containers in the same rollout), and waits until the new pods run or fail. */
  readonly restart: (
    namespace: string,
    workload: string,
    kind?: StoreNames['kind'],
    containers?: Workload['spec']['template']['spec']['containers'],
  ) => Promise<void>;
  /** kubectl scale, and waits until the pods are there or gone. */
  readonly scale: (
    namespace: string,
    workload: string,
    replicas: number,
    kind?: StoreNames['kind'],
  ) => Promise<void>;
  /** Waits until every pod of the workload is ready. */
  readonly ready: (namespace: string, workload: string, kind?: StoreNames['kind']) => Promise<void>;
}

/** A practice fault: broken by what could happen in life, and mended again. One file each, named after it. */
export interface Fault {
  readonly name: string;
  readonly area: string;
  /** What breaks, for `sandbox faults`. */
  readonly summary: string;
  /** The check that doctor must put first. */
  readonly firstVerdict: string;
  /** `findings` exits 1; `healthy` is a warning that leaves the verdict healthy. */
  readonly expects: 'findings' | 'healthy';
  /** The hop at which `validate` loses its canary, where traces are lost and it can tell. */
  readonly losesAt?: 'http' | 'queue';
  readonly generations: readonly Generation[];
  readonly layouts: readonly LayoutName[];
  /** Resolves when the change has arrived. */
  readonly break: (context: FaultContext) => Promise<void>;
  readonly mend: (context: FaultContext) => Promise<void>;
}

/** Gives a fault its type. */
export function defineFault(fault: Fault): Fault {
  return fault;
}
