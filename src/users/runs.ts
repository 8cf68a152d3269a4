import { LfctlError } from '../errors/error.ts';
import type { Journal, RunSummary } from '../plan/journal.ts';
import { summarize } from '../plan/journal.ts';
import { unfinishedRun } from '../plan/pick-run.ts';
import { lowered } from './email.ts';
import type { Kept } from './row-step.ts';
import { isKept } from './row-step.ts';

/** A run with what its one step has kept. */
export interface KeptRun {
  readonly run: RunSummary;
  readonly kept: Kept;
}

const keptRun = (run: RunSummary): KeptRun | null => {
  const [step] = run.steps;
  const kept = step?.record ?? step?.intent;
  return isKept(kept) ? { run, kept } : null;
};

/** `user mia@example.com`: an address is one whatever its letters. */
export const subjectOf = (email: string, more = ''): string => `user ${lowered(email)}${more}`;

const stepDone = ({ steps: [step] }: RunSummary): boolean => step?.state === 'done';

/** The run of this change that was killed, or stopped, before its step was done. */
export async function killedRun(
  journal: Journal,
  operation: string,
  subject: string,
): Promise<KeptRun | null> {
  const run = unfinishedRun(await journal.runs(), operation, (one) => one.subject === subject);
  return run === null || stepDone(run) ? null : keptRun(run);
}

/** The newest such change that stands. @throws LfctlError USER_NO_UNDO */
export async function runToUndo(journal: Journal, operation: string, subject: string): Promise<KeptRun> {
  const runs = (await journal.runs()).map(summarize).filter((run) => run !== null);
  const done = runs.findLast(
    (run) =>
      run.operation === operation && run.subject === subject && run.state !== 'undone' && stepDone(run),
  );
  const found = done === undefined ? null : keptRun(done);
  if (found !== null) return found;
  throw new LfctlError('USER_NO_UNDO', {
    message: `no ${operation} of ${subject} that could be undone is in ${journal.place}`,
  });
}
