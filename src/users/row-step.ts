import { LfctlError } from '../errors/error.ts';
import type { Json } from '../plan/json.ts';
import type { Step } from '../plan/plan.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';

/** How a change finds the rows that it is about: as before it, as after it, or as somebody else left them. */
export type Side = 'before' | 'after' | 'other';

/** Plain data from which a change and its undoing are made again. Hashes may be in it, a password never. */
export type Kept = Readonly<Record<string, Json | undefined>>;

/** A change of rows in one transaction, with the one that takes it back. */
export interface RowChange {
  readonly id: string;
  readonly text: string;
  readonly undo: string;
  /** Journalled before it acts. */
  readonly kept: Kept;
  readonly look: () => Promise<Side>;
  readonly there: () => readonly PostgresStatement[];
  readonly back: () => readonly PostgresStatement[];
}

/** The change as a step. One transaction makes it whole or not at all, so that looking tells where a killed run stood. */
export function rowStep(postgres: PostgresPort, change: RowChange): Step {
  const { id, text, undo, kept, look } = change;
  return {
    id,
    text,
    undo,
    intent: kept,
    recheck: async () => await refuseOther(change),
    apply: async () => {
      if ((await look()) === 'before') await postgres.change(change.there());
      return { ...kept, applied: true };
    },
    revert: async (record) => {
      const side = await look();
      if (side === 'after') await postgres.change(change.back());
      // Rows that were never changed by this step are not its to take back.
      if (side === 'other' && wasApplied(record)) throw staleError(text);
    },
  };
}

/** @throws LfctlError PLAN_STALE */
export async function refuseOther({ look, text }: RowChange): Promise<void> {
  if ((await look()) === 'other') throw staleError(text);
}

const staleError = (text: string): LfctlError =>
  new LfctlError('PLAN_STALE', {
    message: `"${text}": somebody else changed it since; it was left as it is`,
  });

const wasApplied = (record: Json): boolean => isKept(record) && record['applied'] === true;

/** Whether a record of the journal is one of these. */
export const isKept = (json: Json | undefined): json is Kept =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
