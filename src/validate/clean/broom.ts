import type { CanaryIds } from '../canary.ts';

/** Removes canaries from one store. Only ids with the mark ever get here. */
export interface Broom {
  readonly store: string;
  /** Removes what is there, and gives how much of it is left. @throws LfctlError of the store */
  readonly sweep: (canaries: readonly CanaryIds[]) => Promise<number>;
  /** Canaries that earlier runs left in this store: trace ids, with what more is known. */
  readonly find?: (projectId: string) => Promise<readonly (string | Found)[]>;
}

/** A canary that was found, and what the place tells of it. */
export interface Found {
  readonly traceId: string;
  readonly sentAt?: Date;
  /** Raw files of its spans. */
  readonly files?: readonly string[];
}
