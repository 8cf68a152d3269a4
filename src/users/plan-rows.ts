import type { RunSummary } from '../plan/journal.ts';
import type { Json } from '../plan/json.ts';
import type { Plan } from '../plan/plan.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { RowChange } from './row-step.ts';
import { refuseOther, rowStep } from './row-step.ts';
import type { KeptRun } from './runs.ts';

/** A plan, with the run that it goes on with or takes back. */
export interface PlannedRows {
  readonly plan: Plan;
  readonly continues?: RunSummary;
  readonly undoes?: RunSummary;
}

/** What a change of users is about. */
export interface Wanted {
  readonly operation: string;
  readonly subject: string;
  /** Null when all is as it is to be. */
  readonly change: RowChange | null;
  readonly basis?: Json;
  readonly notes?: readonly string[];
}

/** Changes of users exclude each other: the last owner of an organization is counted over all of them. */
const lock = 'users';

/** One step in one transaction. */
export function planRows(
  postgres: PostgresPort,
  { operation, subject, change, basis = null, notes = [] }: Wanted,
  killed: KeptRun | null,
): PlannedRows {
  const plan: Plan = {
    operation,
    subject,
    lock,
    tier: 'reversible',
    input: {},
    basis,
    steps: change === null ? [] : [rowStep(postgres, change)],
    onFailure: 'undo',
    notes,
  };
  return killed === null ? { plan } : { plan, continues: killed.run };
}

/** The same change, to be taken back. @throws LfctlError PLAN_STALE where somebody changed it since */
export async function planUndo(
  postgres: PostgresPort,
  wanted: Wanted & { readonly change: RowChange },
  run: RunSummary,
): Promise<PlannedRows> {
  await refuseOther(wanted.change);
  return { ...planRows(postgres, wanted, null), undoes: run };
}
