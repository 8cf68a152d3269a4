import type { Deployment } from '../deployment/model.ts';
import type { Settings } from '../deployment/settings.ts';
import type { ErrorCode } from '../errors/catalog.ts';
import type { ClickHousePort } from '../ports/clickhouse.ts';
import type { Access } from '../ports/dialer.ts';
import type { HelmPort } from '../ports/helm.ts';
import type { KubePort } from '../ports/kube.ts';
import type { OpenLangfuse } from '../ports/langfuse.ts';
import type { OpenObjects } from '../ports/objects.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { RedisPort } from '../ports/redis.ts';

/** The result of one collection. Serialisable; `value` is plain JSON without secrets. */
export type Outcome<Value> =
  | { readonly status: 'known'; readonly value: Value; readonly ms: number }
  | {
      readonly status: 'unknown';
      readonly code: ErrorCode;
      readonly reason: string;
      readonly port?: PortName;
      readonly ms: number;
    }
  | { readonly status: 'skipped'; readonly reason: string; readonly ms: number };

/** The value of an outcome, or null where there is none. */
export function valueOf<Value>(outcome: Outcome<Value>): Value | null {
  return outcome.status === 'known' ? outcome.value : null;
}

export type PortName = 'kube' | 'postgres' | 'clickhouse' | 'redis';

/**
 * What a fact can reach. Every port is opened at most once per run, on first use; a port that does not open
 * rejects the same way for each fact that asks. A store's port logs in with the settings' URL where one is given,
 * else with the deployment's own credentials.
 */
export interface FactPorts {
  readonly kube: () => Promise<KubePort>;
  readonly helm: () => Promise<HelmPort>;
  readonly postgres: () => Promise<PostgresPort>;
  readonly clickhouse: () => Promise<ClickHousePort>;
  readonly redis: () => Promise<RedisPort>;
  readonly openLangfuse: OpenLangfuse;
  readonly openObjects: OpenObjects;
  /** For probes of the deployment's own logins, which may differ from the ports above. */
  readonly openPostgres: import('../ports/postgres.ts').OpenPostgres;
  readonly openClickHouse: import('../ports/clickhouse.ts').OpenClickHouse;
  readonly openRedis: import('../ports/redis.ts').OpenRedis;
}

export interface FactContext {
  readonly settings: Settings;
  readonly ports: FactPorts;
  readonly access: Access;
  /** The discovered deployment with its secrets; rejects like the fact `deployment/discovery`. */
  readonly deployment: () => Promise<Deployment>;
  /** An earlier fact; it must be named in `after`. */
  readonly fact: (id: string) => Outcome<unknown>;
  /** 8 hex of an HMAC under the local key. */
  readonly fingerprint: (value: string) => string;
  readonly now: () => Date;
  /** This fact's own deadline. */
  readonly signal: AbortSignal;
}

/** Throw it from `collect` when the fact makes no sense here: wrong generation, not configured. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

/** One thing to find out, collected once per run. One file each. */
export interface Fact<Id extends string, Value> {
  readonly id: Id;
  /** Ports it opens; a failing one makes it unknown with that port's error. */
  readonly needs: readonly PortName[];
  /** Facts that must be there first, known or not. */
  readonly after: readonly string[];
  /** `read` never changes anything; `active` does (exec, put and delete of one object) and runs only with --probe. */
  readonly cost: 'read' | 'active';
  /** @throws LfctlError, which becomes `unknown`; Skipped, which becomes `skipped` */
  readonly collect: (context: FactContext) => Promise<Value>;
}

/** Gives a fact its types. */
export function defineFact<Id extends string, Value>(fact: Fact<Id, Value>): Fact<Id, Value> {
  return fact;
}
