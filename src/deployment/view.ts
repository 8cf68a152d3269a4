/** The redacted, serialisable view of a deployment: what facts, bundles and reports hold. No secret is in it. */
import type {
  Component,
  Confidence,
  EnvSource,
  Generation,
  LiteLlm,
  Mode,
  ObjectsProvider,
  Owner,
  Placement,
  Reason,
  Role,
  Route,
  ServiceRef,
  WorkloadRef,
  WriteMode,
} from './model.ts';

export interface StoreView {
  /** False when the deployment does not name this store. */
  readonly configured: boolean;
  /** Why it has no target although it should: forbidden, does not parse. */
  readonly why: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly user: string | null;
  /** Database of Postgres and ClickHouse, number of Redis, bucket of the object store. */
  readonly database: string | null;
  readonly tls: boolean;
  readonly placement: Placement;
  readonly variables: readonly string[];
}

export interface ObjectsView extends StoreView {
  readonly provider: ObjectsProvider;
  readonly endpoint: string | null;
  readonly prefix: string;
  readonly pathStyle: boolean;
  readonly region: string;
}

export interface RedisView extends StoreView {
  readonly kind: 'single' | 'cluster' | 'sentinel';
  readonly keyPrefix: string;
}

/** A component without its variables. */
export type ComponentView = Omit<Component, 'env' | 'evidence'>;

/** A LiteLLM proxy without its variables and settings. */
export interface LiteLlmView extends Omit<LiteLlm, 'env' | 'config'> {
  /** ConfigMap that holds its settings, `namespace/name`. */
  readonly configObject: string | null;
}

export interface DeploymentView {
  readonly name: string | null;
  readonly context: string | null;
  readonly namespace: string;
  readonly release: string | null;
  readonly generation: Generation | null;
  readonly imageVersion: string | null;
  readonly mode: Mode | null;
  readonly writeMode: WriteMode | null;
  readonly components: readonly ComponentView[];
  readonly stores: {
    readonly postgres: StoreView;
    readonly postgresDirect: StoreView | null;
    readonly clickhouse: StoreView;
    readonly redis: RedisView;
    readonly eventBucket: ObjectsView;
    readonly mediaBucket: ObjectsView | null;
    readonly exportBucket: ObjectsView | null;
  };
  readonly publicUrl: string | null;
  readonly webService: ServiceRef | null;
  readonly webServices: readonly ServiceRef[];
  readonly routes: readonly Route[];
  readonly owner: Owner;
  readonly liteLlm: readonly LiteLlmView[];
  readonly confidence: Confidence;
  readonly reasons: readonly Reason[];
  readonly unknown: readonly string[];
}

/** What can be said of a secret value without saying it. */
export interface ValueShape {
  readonly length: number;
  /** True for 0-9a-f only. */
  readonly hex: boolean;
  /** Set when the value parses as a URL: scheme, host, port, database path, user; never the password. */
  readonly url: {
    readonly scheme: string;
    readonly host: string;
    readonly port: number | null;
    readonly path: string;
    readonly user: string;
  } | null;
  /** Characters that must be percent-encoded in the password of a URL and are not, for example `@#`. */
  readonly unencoded: string;
}

/** One variable as reports show it. */
export interface VariableView {
  readonly name: string;
  readonly source: EnvSource;
  /** 8 hex; null when the value is not known or empty. */
  readonly fingerprint: string | null;
  /** The value itself, for names on the allow-list of harmless ones; else null. */
  readonly value: string | null;
  readonly shape: ValueShape | null;
}

export interface ComponentEnvView {
  readonly role: Role;
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly variables: readonly VariableView[];
  readonly unreadable: readonly { readonly object: string; readonly why: 'no-object' | 'forbidden' }[];
}
