import { LfctlError } from '../errors/error.ts';
import type { ExitName } from '../errors/exit.ts';
import type { Journal, JournalEvent, RunOutcome, RunSummary } from './journal.ts';
import { newRunId } from './journal.ts';
import type { Json } from './json.ts';
import type { Plan, Step, StepControl } from './plan.ts';
import { viewPlan } from './plan.ts';

/** What applying needs beside the plan. */
export interface ApplyContext {
  readonly journal: Journal;
  /** Tells deployments apart; part of the token. */
  readonly place: string;
  readonly who: string;
  readonly lfctl: string;
  readonly now: () => Date;
  readonly progress: (text: string) => void;
  /** Ends on --timeout, a signal or a lost lock; the step under way is finished or undone. */
  readonly signal: AbortSignal;
  /** A run that was killed or stopped, to go on with. */
  readonly continues?: RunSummary;
}

/** How a step ended. */
export interface StepReport {
  readonly id: string;
  readonly outcome: 'done' | 'already-done' | 'failed' | 'undone' | 'not-started';
  readonly ms: number;
}

/** What a run came to. */
export interface Applied {
  readonly run: string;
  readonly outcome: RunOutcome;
  readonly steps: readonly StepReport[];
  /** Ids of steps that were taken back. */
  readonly undone: readonly string[];
  /** Why it stopped; null when all is done. */
  readonly failure: LfctlError | null;
  readonly exit: ExitName;
  readonly records: ReadonlyMap<string, Json>;
}

/** Applies a confirmed plan step by step, with a line in the journal before and after each. */
export async function applyPlan(plan: Plan, context: ApplyContext): Promise<Applied> {
  const work = await begin(plan, context);
  let failure: LfctlError | null = null;
  for (const step of plan.steps) {
    failure = await applyStep(step, work);
    if (failure !== null) break;
  }
  const outcome = failure === null ? 'done' : await takeBack(plan, work);
  const exit = exitOf(outcome, failure);
  await work.note({ event: 'end', outcome, exit });
  return { run: work.run, outcome, failure, exit, ...reportOf(plan, work), records: work.records };
}

/** Takes a finished or stopped run back, last step first. */
export async function undoRun(
  plan: Plan,
  context: ApplyContext & { readonly continues: RunSummary },
): Promise<Applied> {
  const work = await begin(plan, context);
  const failure = await revertAll(plan.steps, work);
  const outcome = failure === null ? 'undone' : 'partial';
  const exit = failure === null ? 'ok' : 'partial';
  await work.note({ event: 'end', outcome, exit });
  return { run: work.run, outcome, failure, exit, ...reportOf(plan, work), records: work.records };
}

/** One run under way. */
interface Work {
  readonly run: string;
  readonly control: StepControl;
  readonly records: Map<string, Json>;
  /** Steps that a kill may have left half done: their intent is the record. */
  readonly reports: Map<string, StepReport>;
  /** Nothing goes on without its line. */
  readonly write: (event: JournalEvent) => Promise<void>;
  /** A line about what has happened already: a full disk must not keep it from being undone. */
  readonly note: (event: JournalEvent) => Promise<void>;
}

async function begin(plan: Plan, context: ApplyContext): Promise<Work> {
  const { journal, continues, who, lfctl, now, signal, progress } = context;
  const run = continues?.id ?? newRunId(now());
  const records = new Map<string, Json>();
  const reports = new Map<string, StepReport>();
  for (const { id, state, record, intent } of continues?.steps ?? []) {
    if (state === 'done') reports.set(id, { id, outcome: 'already-done', ms: 0 });
    if (state === 'done' || state === 'started' || state === 'failed')
      records.set(id, record ?? intent ?? null);
  }
  const write = async (event: JournalEvent): Promise<void> =>
    await journal.append(run, { ...event, at: now().toISOString() });
  if (continues === undefined) {
    const { operation, subject, token, steps } = viewPlan(plan, context.place);
    await write({ event: 'begin', operation, subject, token, steps, input: plan.input, who, lfctl });
  } else await write({ event: 'resume', who, lfctl });
  const control: StepControl = { signal, progress, record: (step) => records.get(step) };
  const note = async (event: JournalEvent): Promise<void> => {
    await write(event).catch((error: unknown) => {
      if (!(error instanceof LfctlError)) throw error;
    });
  };
  return { run, control, records, reports, write, note };
}

/** Null when it is done. */
async function applyStep(step: Step, work: Work): Promise<LfctlError | null> {
  const { id, text, intent } = step;
  const { control, records, reports } = work;
  if (reports.get(id)?.outcome === 'already-done') return null;
  const startedMs = performance.now();
  const report = (outcome: StepReport['outcome']): void =>
    void reports.set(id, { id, outcome, ms: Math.round(performance.now() - startedMs) });
  try {
    control.signal.throwIfAborted();
    await step.recheck?.();
    control.progress(text);
    await work.write({ event: 'start', step: id, ...(intent === undefined ? {} : { intent }) });
    if (!records.has(id)) records.set(id, intent ?? null);
    const record = await step.apply(control);
    records.set(id, record);
    report('done');
    await work.write({ event: 'done', step: id, record, ms: Math.round(performance.now() - startedMs) });
    return null;
  } catch (error) {
    const failure = asFailure(error, control.signal);
    report(records.has(id) ? 'failed' : 'not-started');
    if (records.has(id)) await work.note({ event: 'failed', step: id, reason: failure.message });
    return failure;
  }
}

/** After a signal most failures are its consequence. */
function asFailure(error: unknown, signal: AbortSignal): LfctlError {
  if (signal.aborted && signal.reason instanceof LfctlError && !(error instanceof LfctlError))
    return signal.reason;
  if (error instanceof LfctlError) return error;
  throw error;
}

async function takeBack(plan: Plan, work: Work): Promise<RunOutcome> {
  const touched = plan.steps.some(({ id }) => work.records.has(id));
  if (!touched) return 'undone';
  if (plan.onFailure === 'stop') return 'partial';
  return (await revertAll(plan.steps, work)) === null ? 'undone' : 'partial';
}

/** Last first; stops at the first that cannot be taken back. */
async function revertAll(steps: readonly Step[], work: Work): Promise<LfctlError | null> {
  const { control, records, reports } = work;
  for (const step of steps.toReversed()) {
    const record = records.get(step.id);
    if (record === undefined) continue;
    if (step.revert === undefined)
      return new LfctlError('CANNOT_UNDO', { message: `"${step.text}" cannot be undone` });
    try {
      control.progress(`undoing: ${step.text}`);
      // What was begun is taken back whatever ended the run.
      await step.revert(record, { ...control, signal: new AbortController().signal });
    } catch (error) {
      if (!(error instanceof LfctlError)) throw error;
      await work.note({ event: 'failed', step: step.id, reason: error.message });
      return error;
    }
    records.delete(step.id);
    reports.set(step.id, { id: step.id, outcome: 'undone', ms: reports.get(step.id)?.ms ?? 0 });
    await work.note({ event: 'undone', step: step.id });
  }
  return null;
}

function reportOf({ steps }: Plan, { reports }: Work): Pick<Applied, 'steps' | 'undone'> {
  return {
    steps: steps.map(({ id }) => reports.get(id) ?? { id, outcome: 'not-started', ms: 0 }),
    undone: steps.map(({ id }) => id).filter((id) => reports.get(id)?.outcome === 'undone'),
  };
}

/** Nothing left of it: the failure's own code. Something left: partial, whatever stopped it. */
function exitOf(outcome: RunOutcome, failure: LfctlError | null): ExitName {
  if (outcome === 'partial') return 'partial';
  return failure?.exit ?? 'ok';
}
