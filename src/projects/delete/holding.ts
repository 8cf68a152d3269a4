import type { StepControl } from '../../plan/plan.ts';

type HoldingStore = 'queue' | 'objects' | 'clickhouse' | 'redis' | 'postgres';

/** How much there is. */
export interface Amount {
  readonly count: number;
  /** There may be more: counting ended at a limit. */
  readonly atLeast: boolean;
}

/** Something of a project that one store holds, in a form that can be counted and removed again and again. */
export interface Holding {
  /** Stable, `clickhouse/traces`: a step of the plan goes by it. */
  readonly id: string;
  readonly store: HoldingStore;
  /** `rows of traces in ClickHouse`. */
  readonly title: string;
  /** @throws LfctlError of the store */
  readonly count: () => Promise<Amount>;
  /** Removes all that is there in bounded batches, and stops between two of them when the signal ends. */
  readonly purge: (control: Pick<StepControl, 'signal' | 'progress'>) => Promise<void>;
}

export const exactly = (count: number): Amount => ({ count, atLeast: false });

/** `12`, `100000 or more`. */
export const amountText = ({ count, atLeast }: Amount): string =>
  atLeast ? `${String(count)} or more` : String(count);
