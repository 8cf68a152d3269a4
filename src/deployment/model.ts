/**
 * The model of a Langfuse deployment, in the field's words.
 *
 * Glossary
 * - deployment: one running Langfuse with its stores; what `--deployment NAME` of the configuration names.
 *   A Kubernetes object of kind Deployment is always called a workload here.
 * - component: `web` (HTTP API and UI) or `worker` (processes queues). Langfuse 2 has web alone.
 * - generation: the major version, 2, 3 or 4; decides where data lives.
 * - mode: which tables take writes. Generation 2: `postgres`. 3: `clickhouse`.
 *   4: `legacy`, `dual` or `events_only` (LANGFUSE_MIGRATION_V4_WRITE_MODE).
 * - store: Postgres, ClickHouse, Redis, object store. A target is a store's address with a login.
 * - event bucket, media bucket, export bucket: the three uses of the object store, each with its own variables.
 * - queue: a BullMQ queue in Redis. A job waits, is delayed, active, completed or failed.
 * - owner: who writes the workloads: Helm, Argo CD, Flux, an operator, or nobody (plain manifests).
 * - neighbour: another application that sends traces here, for example LiteLLM.
 * - confidence: how sure a finding is. `certain`: an object says so itself; `likely`: several clues agree;
 *   `guess`: one weak clue, or something that ought to have been read could not be.
 * - provenance: the object and key a variable's value comes from.
 * - fingerprint: 8 hex of an HMAC under a local key: tells equal from different, tells nothing else.
 * - house name: a variable that the operators' runbook asks for and no Langfuse release reads.
 */

import type { ClickHouseTarget } from '../ports/clickhouse.ts';
import type { ObjectsTarget } from '../ports/objects.ts';
import type { PostgresTarget } from '../ports/postgres.ts';
import type { RedisTarget } from '../ports/redis.ts';
import type { Secret } from './secret.ts';

export type Role = 'web' | 'worker';
export type Generation = 2 | 3 | 4;
/** What LANGFUSE_MIGRATION_V4_WRITE_MODE may say. */
export type WriteMode = 'legacy' | 'dual' | 'events_only';
export type Mode = 'postgres' | 'clickhouse' | WriteMode;
export type Confidence = 'certain' | 'likely' | 'guess';

/** One thing that discovery says, how sure it is, and what it says it by. */
export interface Reason {
  readonly about: 'component' | 'installation' | 'generation' | 'mode' | 'owner' | 'store' | 'route';
  /** `web deployment/langfuse`, `generation 3`, `postgres` … */
  readonly finding: string;
  readonly confidence: Confidence;
  readonly because: string;
}

/** Where a variable's value comes from. */
export type EnvSource =
  /** `uses`: objects that its `$(VAR)` references take values from, `secret/langfuse-env key DB_PASSWORD`. */
  | { readonly from: 'literal'; readonly uses?: readonly string[] }
  | { readonly from: 'secret'; readonly object: string; readonly key: string }
  | { readonly from: 'configmap'; readonly object: string; readonly key: string }
  | { readonly from: 'field'; readonly path: string }
  /** Named by the container, and not there or not readable. */
  | {
      readonly from: 'missing';
      readonly object: string;
      readonly key: string;
      readonly why: 'no-object' | 'no-key' | 'forbidden';
    };

/** One variable of a container as its process sees it. */
export interface EnvVariable {
  readonly name: string;
  /** Null when it cannot be known (missing or forbidden). Always a Secret: the model does not guess what is harmless. */
  readonly value: Secret | null;
  readonly source: EnvSource;
}

/** The effective variables of one container by name. */
export interface ResolvedEnv {
  readonly variables: ReadonlyMap<string, EnvVariable>;
  /** Whole envFrom objects that could not be read: any variable may come from them. */
  readonly unreadable: readonly { readonly object: string; readonly why: 'no-object' | 'forbidden' }[];
}

export interface WorkloadRef {
  /** A Rollout is Argo Rollouts' Deployment; a bare ReplicaSet or Pod has nobody above it that could be seen. */
  readonly kind: 'Deployment' | 'StatefulSet' | 'ReplicaSet' | 'DaemonSet' | 'Rollout' | 'Pod';
  readonly namespace: string;
  readonly name: string;
}

/** One web or worker workload with the container that runs Langfuse in it. */
export interface Component {
  readonly role: Role;
  readonly workload: WorkloadRef;
  /** Name of the Langfuse container among sidecars. */
  readonly container: string;
  readonly image: string;
  /** Version that the image names: a tag such as 3.199.0, `3` for a floating one, null for a digest. */
  readonly imageVersion: string | null;
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  /** Names of its pods, newest first. */
  readonly pods: readonly string[];
  /** Container port of HTTP: 3000 for web, 3030 for the worker, unless the env says otherwise. */
  readonly port: number;
  readonly env: ResolvedEnv;
  /** Why this workload was taken for Langfuse, strongest first. */
  readonly evidence: readonly string[];
}

/** A Service and the port of it that is meant. */
export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** What a store's address leads to, inside or outside the cluster. */
export type Placement =
  | { readonly kind: 'service'; readonly namespace: string; readonly service: string }
  /** `through`: the Service that hands on to it, `Service ns/name (ExternalName db.example.com)`. */
  | { readonly kind: 'external'; readonly through?: string }
  /** Looks like a Service name, and no such Service exists. */
  | { readonly kind: 'no-service'; readonly namespace: string; readonly service: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** A store that the deployment is configured for. Absent values are null with the reason beside them. */
export interface Store<Target> {
  readonly target: Target | null;
  /** Why there is no target: `not configured`, `forbidden: get secrets in ns`, `DATABASE_URL does not parse`. */
  readonly why: string | null;
  readonly placement: Placement;
  /** Names of the variables that it was read from. */
  readonly variables: readonly string[];
}

/** Who keeps the objects, by the switches that Langfuse has for it. */
export type ObjectsProvider = 's3' | 'azure' | 'gcs' | 'oci';

/** One use of the object store. `target` is null for every provider but s3: lfctl has no port for the others. */
export interface BucketStore extends Store<ObjectsTarget> {
  readonly provider: ObjectsProvider;
}

export interface Stores {
  readonly postgres: Store<PostgresTarget>;
  /** Migrations' own connection (DIRECT_URL); null when not set. */
  readonly postgresDirect: Store<PostgresTarget> | null;
  readonly clickhouse: Store<ClickHouseTarget>;
  readonly redis: Store<RedisTarget>;
  readonly eventBucket: BucketStore;
  /** Null when the use is switched off. */
  readonly mediaBucket: BucketStore | null;
  readonly exportBucket: BucketStore | null;
}

export interface Owner {
  readonly kind: 'helm' | 'argocd' | 'flux' | 'operator' | 'none';
  /** Release, application or custom resource name. */
  readonly name: string | null;
  readonly namespace: string | null;
  readonly chart: string | null;
}

/** A LiteLLM proxy in reach. */
export interface LiteLlm {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly pods: readonly string[];
  readonly port: number;
  readonly env: ResolvedEnv;
  /** ConfigMap that holds its config.yaml, `namespace/name`, and the text. */
  readonly config: { readonly object: string; readonly key: string; readonly text: string } | null;
}

/** A route from outside to web. */
export interface Route {
  /** LoadBalancer and NodePort are Services of that type in front of web. */
  readonly kind: 'Ingress' | 'VirtualService' | 'HTTPRoute' | 'LoadBalancer' | 'NodePort';
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly className: string | null;
  readonly tls: boolean;
}

/** What discovery found. Holds secrets in memory; facts hold the redacted view of it. */
export interface Deployment {
  /** Name in the configuration file; null when found without one. */
  readonly name: string | null;
  readonly namespace: string;
  readonly release: string | null;
  readonly generation: Generation | null;
  /** From the image; the live version comes from the health endpoint, as a fact. */
  readonly imageVersion: string | null;
  readonly mode: Mode | null;
  /**
   * What Langfuse 4 would write under these variables, for when only the live version tells the generation;
   * null when the variable cannot be read or says something else. See `modeOf`.
   */
  readonly writeMode: WriteMode | null;
  readonly components: readonly Component[];
  readonly stores: Stores;
  /** NEXTAUTH_URL of web. */
  readonly publicUrl: string | null;
  readonly webService: ServiceRef | null;
  /** All Services in front of a web workload: where some pods are for ingestion only, they have one of their own. */
  readonly webServices: readonly ServiceRef[];
  readonly routes: readonly Route[];
  readonly owner: Owner;
  readonly liteLlm: readonly LiteLlm[];
  /** How sure it is that this is Langfuse, and that these workloads are all of it. */
  readonly confidence: Confidence;
  readonly reasons: readonly Reason[];
  /** What could not be looked at, each with its reason, for example `ingresses: forbidden`. */
  readonly unknown: readonly string[];
}
