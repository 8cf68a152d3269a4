import type { KubePort } from '../../ports/kube.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import type { KeyPair } from '../pair.ts';
import type { Rotation, Waits } from './input.ts';

/** What the steps of one rotation share. */
export interface Work {
  readonly tenancy: Tenancy;
  readonly kube: KubePort;
  readonly postgres: PostgresPort;
  readonly rotation: Rotation;
  readonly waits: Waits;
  /** In this process's memory alone; another process finds them in the Secrets again. */
  readonly pairs: { old: KeyPair | null; next: KeyPair | null };
  readonly clock: WaitClock;
  /** Of a run that is taken back: ids of the steps that it had begun. */
  readonly begun?: ReadonlySet<string>;
}

/** Time for those who wait. */
export interface WaitClock {
  /** Milliseconds that only grow. */
  readonly nowMs: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}
