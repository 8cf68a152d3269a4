import { LfctlError } from '../../errors/error.ts';
import type { Step, StepControl } from '../../plan/plan.ts';
import type { Pause } from './estate.ts';
import { amountText, type Holding } from './holding.ts';

/** Removes one holding; what is gone already costs one question. */
export function purgeStep(holding: Holding): Step {
  return {
    id: `remove:${holding.id}`,
    text: `remove ${holding.title}`,
    undo: null,
    apply: async (control) => {
      const { count } = await holding.count();
      if (count > 0) await holding.purge(control);
      return { removed: count };
    },
  };
}

/** A worker writes what it holds in its buffer within a second, by default. */
const quietMs = 1500;
const mostRounds = 20;

/**
 * Counts everything once more until all of it stays gone: a worker may have had events of the project in hand.
 * @throws LfctlError PROJECT_LEFT
 */
export function verifyStep(projectId: string, holdings: readonly Holding[], pause: Pause): Step {
  return {
    id: `verify:${projectId}`,
    text: 'count everything again until nothing comes back',
    undo: null,
    apply: async (control) => {
      let quiet = 0;
      let left: readonly Left[] = [];
      for (let round = 0; round < mostRounds && quiet < 2; round += 1) {
        if (round > 0) await pause(quietMs, control.signal);
        left = await sweep(holdings, control);
        quiet = left.length === 0 ? quiet + 1 : 0;
      }
      if (left.length > 0) throw leftError(left);
      return { residue: Object.fromEntries(holdings.map(({ id }) => [id, 0])) };
    },
  };
}

interface Left {
  readonly holding: Holding;
  readonly count: string;
}

/** What was there again, and was removed again. */
async function sweep(holdings: readonly Holding[], control: StepControl): Promise<Left[]> {
  const left: Left[] = [];
  for (const holding of holdings) {
    control.signal.throwIfAborted();
    const amount = await holding.count();
    if (amount.count === 0) continue;
    left.push({ holding, count: amountText(amount) });
    await holding.purge(control);
  }
  return left;
}

const leftError = (left: readonly Left[]): LfctlError =>
  new LfctlError('PROJECT_LEFT', {
    message: `it came back each time: ${left.map(({ holding, count }) => `${count} ${holding.title}`).join(', ')}`,
  });
