/** What a line of `key rotate` asks for: a new rotation, one that goes on, or one that is taken back. */
import { setTimeout as pause } from 'node:timers/promises';
import { LfctlError } from '../../errors/error.ts';
import type { JournalRun, RunSummary } from '../../plan/journal.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { need } from '../../tenancy/access.ts';
import { usualNames } from '../deliver.ts';
import { secretPlace } from '../places.ts';
import type { RotationInput, Waits } from './input.ts';
import type { Tools } from './plan.ts';
import { prepare } from './prepare.ts';
import type { FoundRun } from './runs.ts';
import type { HandOver } from './survey.ts';
import { planAgain, planBack, runToUndo, unfinishedRotation } from './runs.ts';
import { overtaken, requireLast } from './stale.ts';
import type { WaitClock } from './work.ts';

/** The command's own flags. */
export interface RotateOptions {
  readonly project?: string | undefined;
  readonly all: boolean;
  readonly olderThan?: number | undefined;
  readonly consumersIn: readonly string[];
  readonly toSecret?: string | undefined;
  readonly grace?: number | undefined;
  readonly maxWait: number;
  readonly keepOld: boolean;
  readonly resume: boolean;
  readonly undo?: string | undefined;
}

/** A plan with what it is about. */
export interface PlannedRotation {
  readonly plan: Plan;
  readonly input: RotationInput;
  readonly continues?: RunSummary;
  readonly undoes?: RunSummary;
  /** The line that goes on with it. */
  readonly resume: string;
  /** What was left out, and what others have to do. */
  readonly left: LeftOut;
}

/** What a rotation does not do by itself. */
interface LeftOut {
  /** Keys of --all that cannot be rotated. */
  readonly skipped: readonly { readonly publicKey: string; readonly why: string }[];
  readonly handOvers: readonly HandOver[];
  /** Where consumers were not looked for. */
  readonly unknown: readonly string[];
}

const nothing: LeftOut = { skipped: [], handOvers: [], unknown: [] };

/** @throws LfctlError USAGE for flags that contradict each other */
export function checkFlags(options: RotateOptions, args: readonly string[]): void {
  const { all, olderThan, undo, resume, toSecret } = options;
  const wrong = (message: string): LfctlError => new LfctlError('USAGE', { message });
  if (undo !== undefined && (args.length > 0 || all || resume))
    throw wrong('--undo names the key or run itself: leave out other keys, --all and --resume');
  if (all && args.length > 0) throw wrong('give one key, or --all');
  if (olderThan !== undefined && !all) throw wrong('--older-than goes with --all');
  if (toSecret !== undefined && all) throw wrong('--to-secret takes one pair: give one key');
}

/** @throws LfctlError ROTATE_*, KEY_*, PROJECT_*, JOURNAL_RUN; nothing was changed */
export async function planRequest(
  tenancy: Tenancy,
  options: RotateOptions,
  args: readonly string[],
  runs: readonly JournalRun[],
  clock: WaitClock = realClock,
): Promise<PlannedRotation> {
  const tools = toolsOf(tenancy, clock);
  const [publicKey] = args;
  const { project, all, olderThan = 0 } = options;
  if (options.undo !== undefined) {
    const { run, ...found } = planBack(tools, runToUndo(runs, options.undo, tenancy.now()));
    await requireLast(tools.postgres, runs, run);
    return { ...planned(found), left: nothing, undoes: run, resume: `lfctl key rotate --undo ${run.id}` };
  }
  const wanted = { publicKey, project, all, olderThanMs: olderThan };
  const unfinished = await unfinishedRotation(tools, runs, wanted);
  if (unfinished !== null && (all || options.resume || publicKey !== undefined || project !== undefined)) {
    const lost = await overtaken(tools, unfinished);
    const { run, ...found } = planAgain(tools, unfinished, givenWaits(options), lost);
    requireSameTarget(options, found.input);
    const skipped = lost.map(({ publicKey: gone }) => ({ publicKey: gone, why: 'it was revoked meanwhile' }));
    return {
      ...planned(found),
      left: { ...nothing, skipped },
      continues: run,
      resume: resumeLine(found.input),
    };
  }
  if (options.resume)
    throw new LfctlError('ROTATE_NO_RUN', { message: 'no rotation of the journal is left unfinished' });
  const { toSecret, consumersIn, grace, maxWait, keepOld } = options;
  const { plan, input, keys, skipped } = await prepare(tools, {
    ...wanted,
    consumersIn,
    toSecret: toSecret === undefined ? null : secretPlace(toSecret, usualNames),
    graceMs: grace,
    maxWaitMs: maxWait,
    keepOld,
  });
  const left = {
    skipped,
    handOvers: keys.flatMap(({ survey }) => survey.handOvers),
    unknown: [...new Set(keys.flatMap(({ survey }) => survey.unknown))],
  };
  return { plan, input, left, resume: resumeLine(input) };
}

const planned = ({
  plan,
  input,
}: Pick<FoundRun, 'plan' | 'input'>): Pick<PlannedRotation, 'plan' | 'input'> => ({
  plan,
  input,
});

/** What is said now counts for the rest of a run that goes on. */
const givenWaits = ({ grace, maxWait, keepOld }: RotateOptions): Partial<Waits> => ({
  ...(grace === undefined ? {} : { graceMs: grace }),
  maxWaitMs: maxWait,
  ...(keepOld ? { keepOld } : {}),
});

function resumeLine({ rotations }: RotationInput): string {
  const [first] = rotations;
  return rotations.length === 1 && first !== undefined
    ? `lfctl key rotate ${first.publicKey} --resume`
    : 'lfctl key rotate --all --resume';
}

const realClock: WaitClock = {
  nowMs: () => performance.now(),
  pause: async (ms, signal) => await pause(ms, undefined, { signal }),
};

function toolsOf(tenancy: Tenancy, clock: WaitClock): Tools {
  return {
    tenancy,
    kube: need(tenancy.kube, 'consumers are found in the cluster'),
    postgres: need(tenancy.postgres, 'keys are made and revoked in Postgres'),
    clock,
  };
}

/** Where the new pair goes besides was fixed when the run began: another place would be passed over in silence. */
function requireSameTarget({ toSecret }: RotateOptions, { rotations }: RotationInput): void {
  if (toSecret === undefined) return;
  const { namespace, name } = secretPlace(toSecret, usualNames);
  const isSame = rotations.every(({ target }) => target?.namespace === namespace && target.name === name);
  if (isSame) return;
  throw new LfctlError('USAGE', {
    message: `a rotation that has not come to its end goes on, and it does not write to Secret ${namespace}/${name}`,
    fixes: [
      { text: 'let it come to its end first, without --to-secret', command: 'lfctl key rotate --resume' },
    ],
  });
}
