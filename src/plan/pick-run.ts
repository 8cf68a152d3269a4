import { LfctlError } from '../errors/error.ts';
import type { Journal, JournalRun, RunSummary } from './journal.ts';
import { summarize } from './journal.ts';

/** The run whose id begins so. @throws LfctlError JOURNAL_RUN for none or several */
export function pickRun(runs: readonly JournalRun[], beginning: string): RunSummary {
  const [found, ...more] = runs
    .map(summarize)
    .filter((run) => run !== null)
    .filter(({ id }) => id.startsWith(beginning));
  if (found !== undefined && more.length === 0) return found;
  const several = more.length === 0 ? 'no run' : `${String(more.length + 1)} runs`;
  throw new LfctlError('JOURNAL_RUN', { message: `${several} of the journal begin with '${beginning}'` });
}

/** The newest run of an operation on a subject that did not come to an end: killed, or stopped half-way. */
export function unfinishedRun(
  runs: readonly JournalRun[],
  operation: string,
  isSubject: (run: RunSummary) => boolean,
): RunSummary | null {
  const own = runs
    .map(summarize)
    .filter((run) => run !== null)
    .filter((run) => run.operation === operation && isSubject(run));
  return own.findLast(({ state }) => state === 'open' || state === 'partial') ?? null;
}

/**
 * For who holds the lock now: a run that looked stopped may have been another process at work until then.
 * @throws LfctlError PLAN_STALE
 */
export async function requireUnchanged(journal: Journal, run: RunSummary): Promise<void> {
  const found = (await journal.runs()).find(({ id }) => id === run.id);
  const now = found === undefined ? null : summarize(found);
  if (now?.lastAt === run.lastAt && now.state === run.state) return;
  throw new LfctlError('PLAN_STALE', {
    message: `run ${run.id} went on meanwhile, in another process; nothing was changed`,
  });
}
