import { createHash } from 'node:crypto';
import type { Json } from './json.ts';

/**
 * How much a plan asks of who confirms it: `small` goes on by itself, `reversible` asks yes or no,
 * `large` (it cannot be undone, or touches much) wants the deployment's name typed, or its token.
 */
type Tier = 'small' | 'reversible' | 'large';

/** What a step may use while it is applied. */
export interface StepControl {
  /** Ends on --timeout, a signal, or a lost lock: finish or give up, and say so by throwing. */
  readonly signal: AbortSignal;
  /** Replaces the line of progress. */
  readonly progress: (text: string) => void;
  /** Records of the steps before, by their ids. */
  readonly record: (step: string) => Json | undefined;
}

/** One change. Applied again after a kill it gives the same end: it looks before it acts. */
export interface Step {
  /** Stable for the same input, such as `patch-secret:prod/litellm`: the journal finds it by this. */
  readonly id: string;
  /** What it changes, in one line. */
  readonly text: string;
  /** How it is undone, in one line; null when it cannot be. */
  readonly undo: string | null;
  /** What it is about to make, journalled before it acts, so that a killed run can find it. */
  readonly intent?: Json;
  /** Whether what the plan was built on still holds, right before. @throws LfctlError PLAN_STALE and others */
  readonly recheck?: () => Promise<void>;
  /** Gives what is needed to undo it. @throws LfctlError: then it has changed nothing, or `revert` copes with it */
  readonly apply: (control: StepControl) => Promise<Json>;
  /** Takes it back, also where it was applied in part (`record` is then the intent). Present where `undo` is. */
  readonly revert?: (record: Json, control: StepControl) => Promise<void>;
}

/** Ordered changes with all that is needed to show, confirm, apply, resume and undo them. */
export interface Plan {
  /** The command, `key rotate`. */
  readonly operation: string;
  /** What it is about, `key pk-lf-1…`: one unfinished run per subject. */
  readonly subject: string;
  /**
   * Kind of operation that excludes others of its kind on the same deployment; null where nothing but Langfuse's own
   * API is reached, and keeps its changes apart itself.
   */
  readonly lock: string | null;
  readonly tier: Tier;
  /** From which, with the journal, the same plan is made again. */
  readonly input: Json;
  /** What it was built on: a changed world makes another token. */
  readonly basis: Json;
  readonly steps: readonly Step[];
  /** `undo` takes the applied steps back when one fails; `stop` leaves them for a resumed run. */
  readonly onFailure: 'undo' | 'stop';
  /** Lines that belong to it: counts, warnings. */
  readonly notes?: readonly string[];
}

/** A plan as it is shown, and as `--dry-run -o json` gives it. */
export interface PlanView {
  readonly operation: string;
  readonly subject: string;
  readonly tier: Tier;
  readonly steps: readonly { readonly id: string; readonly text: string; readonly undo: string | null }[];
  readonly reversible: boolean;
  readonly notes: readonly string[];
  /** What `--confirm` takes: bound to these steps, on this deployment, with the world as it was looked at. */
  readonly token: string;
}

/** The plan without its functions. `place` tells deployments apart. */
export function viewPlan(plan: Plan, place: string): PlanView {
  const { operation, subject, tier, notes = [] } = plan;
  const steps = plan.steps.map(({ id, text, undo }) => ({ id, text, undo }));
  const reversible = steps.every(({ undo }) => undo !== null);
  return { operation, subject, tier, steps, reversible, notes, token: tokenOf(plan, place) };
}

/** Short enough to type, long enough not to be hit by chance. */
const tokenLength = 12;

function tokenOf({ operation, subject, basis, steps }: Plan, place: string): string {
  const bound = { place, operation, subject, basis, steps: steps.map(({ id, text }) => [id, text]) };
  return createHash('sha256').update(JSON.stringify(bound)).digest('hex').slice(0, tokenLength);
}
