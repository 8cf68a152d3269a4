import { LfctlError } from '../errors/error.ts';
import type { JournalRun, RunSummary } from '../plan/journal.ts';
import { keptMs, summarize } from '../plan/journal.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { revokeKeyStep } from './revoke.ts';
import { publicKeyOf, revokeOperation, storedKeysOf } from './revoke-plan.ts';

/** A revocation that is to be taken back. */
export interface UndoPlan {
  readonly plan: Plan;
  readonly run: RunSummary;
}

/** By the beginning of a run's id, or by a public key. @throws LfctlError KEY_NO_UNDO */
export function undoRevokePlan(tenancy: Tenancy, runs: readonly JournalRun[], wanted: string): UndoPlan {
  const run = runToUndo(runs, wanted, tenancy.now());
  const stored = storedKeysOf(run);
  const publicKeys = stored.map(publicKeyOf);
  if (wanted.startsWith('pk-') && publicKeys.length > 1)
    throw new LfctlError('KEY_NO_UNDO', {
      message: `run ${run.id} revoked ${String(publicKeys.length)} keys together: ${publicKeys.join(', ')}`,
      fixes: [{ text: 'put them all back', command: `lfctl key revoke --undo ${run.id}` }],
    });
  const steps = stored.map((row) => revokeKeyStep(tenancy, { stored: row, secretKey: null }).step);
  const plan: Plan = {
    operation: revokeOperation,
    subject: publicKeys.join(', '),
    lock: 'keys',
    tier: 'reversible',
    input: { publicKeys },
    basis: { undoes: run.id },
    steps: steps.map((step) => ({ ...step, text: step.text.replace(/^revoke ([^:]+):.*/s, 'put $1 back') })),
    onFailure: 'stop',
    notes: [`takes back run ${run.id} of ${run.startedAt}, by ${run.who}`],
  };
  return { plan, run };
}

function runToUndo(runs: readonly JournalRun[], wanted: string, now: Date): RunSummary {
  const revoked = runs
    .map(summarize)
    .filter((run) => run !== null)
    .filter(({ operation, state }) => operation === revokeOperation && state !== 'undone')
    .filter(({ lastAt }) => now.getTime() - Date.parse(lastAt) <= keptMs)
    .filter((run) => run.id.startsWith(wanted) || storedKeysOf(run).map(publicKeyOf).includes(wanted));
  const found = revoked.at(-1);
  const several = !wanted.startsWith('pk-') && revoked.length > 1;
  if (found !== undefined && !several) return found;
  throw new LfctlError('KEY_NO_UNDO', {
    message: several
      ? `${String(revoked.length)} runs begin with '${wanted}'`
      : `no run of the last 30 days revoked '${wanted}'`,
  });
}
