/** How a command that changes something is shown, confirmed, applied and told. */
import { join } from 'node:path';
import type { Applied } from '../plan/apply.ts';
import type { RunSummary } from '../plan/journal.ts';
import type { Journal } from '../plan/journal.ts';
import type { HeldLock, LockPlaces } from '../plan/lock.ts';
import type { Json } from '../plan/json.ts';
import type { Plan, PlanView } from '../plan/plan.ts';
import { LfctlError } from '../errors/error.ts';
import type { CommandResult, EnvelopeDeployment, TextStyle } from './command.ts';
import type { WriterValues } from './globals.ts';
import { lfctlVersion } from './package.ts';
import type { Services } from './services.ts';

/** Where a change happens. */
export interface ChangePlace {
  /** Tells deployments apart: part of the token, of the lock and of the journal's folder. */
  readonly id: string;
  /** What is typed to confirm a large plan. */
  readonly name: string;
  readonly journal: Journal;
  readonly locks: LockPlaces;
  readonly deployment?: EnvelopeDeployment | null;
}

/** What a command adds to what every change says. */
export interface Presenting {
  /** More fields of `Result.data`; never a secret. */
  readonly more?: (applied: Applied) => Readonly<Record<string, Json>>;
  /** More lines for people, after those of the steps. */
  readonly text?: (applied: Applied, style: TextStyle) => string;
  /** Formats of its own, such as `env`. */
  readonly formats?: (applied: Applied) => CommandResult['formats'];
  /** The line that goes on with a run that stopped half-way. */
  readonly resume: string;
}

/** The part of a run's context that changing needs. */
export interface ChangeContext {
  readonly services: Services;
  readonly signal: AbortSignal;
  readonly options: WriterValues;
}

/** The same code for a dry run and a real one. @throws LfctlError CONFIRM_*, LOCKED, JOURNAL, REFUSED */
export async function change(
  context: ChangeContext,
  place: ChangePlace,
  plan: Plan,
  presenting: Presenting,
  continues?: RunSummary,
): Promise<CommandResult> {
  const { viewPlan } = await import('../plan/plan.ts');
  const view = viewPlan(plan, place.id);
  if (context.options.dryRun) return await planned(view, place);
  if (plan.steps.length === 0) return await finished(view, place, nothingDone, presenting);
  await confirm(context, view, place);
  const applied = await applyLocked(context, place, plan, continues);
  return await finished(view, place, applied, presenting);
}

const nothingDone: Applied = {
  run: '',
  outcome: 'done',
  steps: [],
  undone: [],
  failure: null,
  exit: 'ok',
  records: new Map(),
};

async function planned(view: PlanView, { deployment = null }: ChangePlace): Promise<CommandResult> {
  const { planText } = await import('../render/plan/plan.ts');
  return {
    kind: 'Plan',
    data: view,
    exit: 'ok',
    deployment,
    text: (style) => planText(view, style),
  };
}

async function finished(
  view: PlanView,
  { deployment = null }: ChangePlace,
  applied: Applied,
  { more, text, formats, resume }: Presenting,
): Promise<CommandResult> {
  const { resultText } = await import('../render/plan/result.ts');
  const { run, outcome, steps, undone, failure, exit } = applied;
  const left = outcome === 'partial' ? resume : null;
  const data = {
    plan: view,
    run,
    outcome,
    steps,
    undone,
    ...(failure === null
      ? {}
      : { failure: { code: failure.code, message: failure.message, fixes: failure.fixes } }),
    ...(left === null ? {} : { resume: left }),
    ...more?.(applied),
  };
  return {
    kind: 'Result',
    data,
    exit,
    deployment,
    text: (style) =>
      [resultText({ ...data, failure, resume: left }, style), text?.(applied, style) ?? '']
        .filter((part) => part !== '')
        .join('\n'),
    ...(formats === undefined ? {} : { formats: formats(applied) ?? {} }),
  };
}

/** @throws LfctlError CONFIRM_NEEDED, CONFIRM_MISMATCH, REFUSED */
async function confirm(
  { options, services }: ChangeContext,
  view: PlanView,
  place: ChangePlace,
): Promise<void> {
  if (options.confirm !== undefined) return checkToken(options.confirm, view);
  if (view.tier === 'small' || (view.tier === 'reversible' && options.yes)) return;
  if (services.ask === undefined) throw unconfirmed(view);
  const { planText } = await import('../render/plan/plan.ts');
  services.terminal.note(planText(view, { color: false, columns: 80, verbose: false, interactive: true }));
  const agreed = view.tier === 'large' ? await typed(services.ask, place) : await asked(services.ask);
  if (!agreed) throw new LfctlError('REFUSED', { message: 'not confirmed; nothing was changed' });
}

const asked = async (ask: NonNullable<Services['ask']>): Promise<boolean> =>
  await ask.confirm('Go on?', false);

async function typed(ask: NonNullable<Services['ask']>, { name }: ChangePlace): Promise<boolean> {
  return (await ask.input(`This cannot be taken back. Type ${name} to go on:`, '')) === name;
}

function checkToken(given: string, view: PlanView): void {
  if (given === view.token) return;
  throw new LfctlError('CONFIRM_MISMATCH', {
    message: `--confirm ${given} is not the token of this plan; nothing was changed`,
  });
}

function unconfirmed({ tier, token }: PlanView): LfctlError {
  const fixes =
    tier === 'large'
      ? [{ text: `look at the plan with --dry-run, then confirm exactly it with --confirm ${token}` }]
      : [{ text: 'confirm it with --yes' }, { text: 'look at the plan first with --dry-run' }];
  return new LfctlError('CONFIRM_NEEDED', {
    message: 'this plan needs a confirmation, and nobody can be asked here; nothing was changed',
    fixes,
  });
}

async function applyLocked(
  context: ChangeContext,
  place: ChangePlace,
  plan: Plan,
  continues: RunSummary | undefined,
): Promise<Applied> {
  const [{ applyPlan }, { requireUnchanged }, { dropOld }] = await Promise.all([
    import('../plan/apply.ts'),
    import('../plan/pick-run.ts'),
    import('../plan/journal.ts'),
  ]);
  return await locked(context, place, plan, async (signal) => {
    if (continues !== undefined) await requireUnchanged(place.journal, continues);
    await dropOld(place.journal, context.services.now());
    return await applyPlan(plan, {
      ...applying(context, place),
      signal,
      ...(continues === undefined ? {} : { continues }),
    });
  });
}

/** Takes a finished run back, under the same lock. */
export async function undo(
  context: ChangeContext,
  place: ChangePlace,
  plan: Plan,
  run: RunSummary,
  presenting: Presenting,
): Promise<CommandResult> {
  const [{ viewPlan }, { undoRun }, { requireUnchanged }] = await Promise.all([
    import('../plan/plan.ts'),
    import('../plan/apply.ts'),
    import('../plan/pick-run.ts'),
  ]);
  const view = viewPlan(plan, place.id);
  const back = backwards(view);
  if (context.options.dryRun) return await planned(back, place);
  await confirm(context, back, place);
  const applied = await locked(context, place, plan, async (signal) => {
    await requireUnchanged(place.journal, run);
    return await undoRun(plan, { ...applying(context, place), signal, continues: run });
  });
  return await finished(view, place, applied, presenting);
}

/** What an undo does, in its own words: the steps from the last one, each as it is undone. */
function backwards(view: PlanView): PlanView {
  const steps = view.steps
    .toReversed()
    .map(({ id, text, undo: back }) => ({ id, text: back ?? text, undo: text }));
  return { ...view, operation: `${view.operation} --undo`, tier: 'reversible', steps };
}

const applying = (
  { services }: ChangeContext,
  { id, journal }: ChangePlace,
): Omit<import('../plan/apply.ts').ApplyContext, 'signal' | 'continues'> => ({
  journal,
  place: id,
  who: services.actor,
  lfctl: lfctlVersion,
  now: services.now,
  progress: services.terminal.progress,
});

/** Holds the lock while the work is done. @throws LfctlError LOCKED, LOCK_UNAVAILABLE */
async function locked(
  { services, signal }: ChangeContext,
  { locks }: ChangePlace,
  { lock, operation }: Plan,
  work: (signal: AbortSignal) => Promise<Applied>,
): Promise<Applied> {
  if (lock === null) return await work(signal);
  const { takeLocks } = await import('../plan/lock.ts');
  const { setTimeout: pause } = await import('node:timers/promises');
  const holder = { who: services.actor, purpose: operation };
  const held: HeldLock = await takeLocks(lock, locks, holder, {
    now: services.now,
    pause: async (ms) => await pause(ms, undefined, { signal }),
  });
  for (const note of held.notes) services.terminal.note(note);
  const lost = new AbortController();
  held.lost.addEventListener('abort', () =>
    lost.abort(new LfctlError('LOCK_LOST', { message: 'the lock was lost; nothing more was changed' })),
  );
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    await held.release();
  }
}

/** Folder of this deployment's runs on this machine. */
export async function journalFolder(services: Services, placeId: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(placeId).digest('hex').slice(0, 16);
  return join(await services.stateFolder(), 'journal', digest);
}
