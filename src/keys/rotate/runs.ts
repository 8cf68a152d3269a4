/** Rotations of the journal: gone on with, or taken back. */
import { LfctlError } from '../../errors/error.ts';
import type { JournalRun, RunSummary, StepSummary } from '../../plan/journal.ts';
import { keptMs, summarize } from '../../plan/journal.ts';
import { pickRun, unfinishedRun } from '../../plan/pick-run.ts';
import type { Plan } from '../../plan/plan.ts';
import { resolveProject } from '../project.ts';
import { text } from '../row.ts';
import type { Rotation, RotationInput, Waits } from './input.ts';
import { readInput } from './input.ts';
import type { Tools } from './plan.ts';
import { rotateOperation, rotationPlan } from './plan.ts';
import type { Wanted } from './select.ts';
import { isHandedOut, orphanStep } from './stale.ts';

/** A run of the journal with its plan made again. */
export interface FoundRun {
  readonly run: RunSummary;
  readonly input: RotationInput;
  readonly plan: Plan;
}

/** The newest unfinished rotation of what is meant; null when there is none. @throws LfctlError ROTATE_UNFINISHED */
export async function unfinishedRotation(
  { postgres }: Tools,
  runs: readonly JournalRun[],
  { publicKey, project }: Wanted,
): Promise<RunSummary | null> {
  const named = project === undefined ? null : await resolveProject(postgres, project);
  const isMeant = ({ publicKey: old, next, old: row }: Rotation): boolean => {
    if (publicKey !== undefined) return publicKey === old || publicKey === next.publicKey;
    return named === null || text(row, 'project_id') === named.id;
  };
  const found = unfinishedRun(runs, rotateOperation, (run) => rotationsOf(run).some(isMeant));
  if (found === null || !found.steps.some(({ state }) => state === 'undone')) return found;
  // Which way it is to go on, only who stopped it knows.
  throw new LfctlError('ROTATE_UNFINISHED', {
    message: `run ${found.id} was being undone, and did not come to the end of that`,
    fixes: [{ text: 'finish that', command: `lfctl key rotate --undo ${found.id}` }],
  });
}

const rotationsOf = ({ input }: RunSummary): readonly Rotation[] => readInput(input)?.rotations ?? [];

/** The run with this id, or the newest of this key, old or new. @throws LfctlError ROTATE_NO_RUN, JOURNAL_RUN */
export function runToUndo(runs: readonly JournalRun[], named: string, now: Date): RunSummary {
  if (/^\d{8}T/.test(named)) {
    const run = pickRun(runs, named);
    if (rotationsOf(run).length > 0) return run;
    throw new LfctlError('ROTATE_NO_RUN', { message: `run ${run.id} is one of ${run.operation}` });
  }
  const found = runs
    .map(summarize)
    .filter((run) => run !== null)
    .findLast(
      (run) =>
        run.operation === rotateOperation &&
        run.state !== 'undone' &&
        now.getTime() - Date.parse(run.lastAt) <= keptMs &&
        rotationsOf(run).some(({ publicKey, next }) => named === publicKey || named === next.publicKey),
    );
  if (found !== undefined) return found;
  throw new LfctlError('ROTATE_NO_RUN', {
    message: `the journal has no rotation of ${named} that could be undone`,
  });
}

/** The run's own plan, to be taken back. @throws LfctlError ROTATE_NO_RUN */
export function planBack(tools: Tools, run: RunSummary): FoundRun {
  const input = inputOf(run);
  const notes = [`takes back run ${run.id} that ${run.who} began at ${run.startedAt}`];
  const begun = new Set(run.steps.filter(({ state }) => state !== 'waiting').map(({ id }) => id));
  return { run: lookAgain(run, input), input, plan: rotationPlan({ ...tools, begun }, input, notes) };
}

/**
 * The run's own plan, with other waits where they are given now.
 * @param left rotations of it that cannot be gone on with: what they made goes
 * @throws LfctlError ROTATE_NO_RUN
 */
export function planAgain(
  tools: Tools,
  run: RunSummary,
  given: Partial<Waits>,
  left: readonly Rotation[],
): FoundRun {
  const kept = inputOf(run);
  const rotations = kept.rotations.filter(
    ({ publicKey }) => !left.some((one) => one.publicKey === publicKey),
  );
  const input = { rotations, waits: { ...kept.waits, ...given } };
  const notes = [`goes on with run ${run.id} that ${run.who} began at ${run.startedAt}`];
  const plan = rotationPlan(tools, input, notes);
  const orphans = left.map((rotation) => orphanStep(tools.tenancy, rotation));
  return { run: lookAgain(run, kept), input, plan: { ...plan, steps: [...orphans, ...plan.steps] } };
}

function inputOf(run: RunSummary): RotationInput {
  const kept = readInput(run.input);
  if (kept !== null) return kept;
  throw new LfctlError('ROTATE_NO_RUN', { message: `run ${run.id} is no rotation` });
}

/**
 * The new pair is nowhere but in the Secrets: until all of them have it, making the key and writing them is done
 * again. Each of these steps looks before it acts.
 */
function lookAgain(run: RunSummary, { rotations }: RotationInput): RunSummary {
  const steps = rotations.flatMap((rotation) => {
    const own = run.steps.filter(({ id }) => id.endsWith(`:${rotation.publicKey}`));
    return isHandedOut(run, rotation)
      ? []
      : own.filter(({ id }) => !/^(idle|revoke-key):/.test(id)).map(({ id }) => id);
  });
  const again = (step: StepSummary): StepSummary =>
    steps.includes(step.id) && step.state === 'done' ? { ...step, state: 'started' } : step;
  return { ...run, steps: run.steps.map(again) };
}
