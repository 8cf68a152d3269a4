import type { CanaryIds } from '../canary.ts';

/** Removes canaries from one store. Only ids with the mark ever get here. */
export interface Broom {
  readonly store: string;
  /** Removes what is there, and gives how much of it is left. @throws LfctlError of the store */
  readonly sweep: (canaries: readonly CanaryIds[]) => Promise<number>;
  /** Trace ids of canaries that earlier runs left in this store. */
  readonly find?: (projectId: string) => Promise<readonly string[]>;
}
