import { LfctlError } from '../../errors/error.ts';
import type { StepControl } from '../../plan/plan.ts';
import type { Restarted } from './input.ts';
import type { RestartMark, Rollout } from './rollout.ts';
import { rolloutOf } from './rollout.ts';
import { consumerText } from './survey.ts';
import type { Work } from './work.ts';

const lookMs = 1000;

/**
 * Waits until the pods of these workloads were all made after their restart.
 * @throws LfctlError ROTATE_NOT_ADOPTED with the first that does not come to it
 */
export async function waitForRollouts(
  work: Work,
  workloads: readonly Restarted[],
  mark: RestartMark,
  control: StepControl,
): Promise<number> {
  const { waits, clock } = work;
  const startedMs = clock.nowMs();
  for (;;) {
    const looks = await Promise.all(
      workloads.map(async (one) => [one, await look(work, one, mark)] as const),
    );
    const open = looks.filter(([, { state }]) => state !== 'complete');
    if (open.length === 0) return looks.reduce((sum, [, one]) => sum + podsOf(one), 0);
    const isLate = clock.nowMs() - startedMs >= waits.maxWaitMs;
    const failed = open.find(([, { state }]) => state === 'stuck') ?? (isLate ? open[0] : undefined);
    if (failed !== undefined) throw notAdopted(...failed);
    control.progress(`waiting for ${open.map(([one, rollout]) => lookText(one, rollout)).join('; ')}`);
    await clock.pause(lookMs, control.signal);
  }
}

const podsOf = (rollout: Rollout): number => (rollout.state === 'complete' ? rollout.pods : 0);

/** An API server that does not answer for a moment is asked again. */
async function look({ kube }: Work, one: Restarted, mark: RestartMark): Promise<Rollout> {
  try {
    return await rolloutOf(kube, one, mark);
  } catch (error) {
    if (error instanceof LfctlError && /^KUBE_(UNREACHABLE|TIMEOUT|API)$/.test(error.code))
      return { state: 'waiting', why: error.message };
    throw error;
  }
}

const lookText = (one: Restarted, rollout: Rollout): string =>
  `${consumerText(one)}: ${rollout.state === 'complete' ? 'complete' : rollout.why}`;

const notAdopted = (one: Restarted, rollout: Rollout): LfctlError =>
  new LfctlError('ROTATE_NOT_ADOPTED', {
    message: `${lookText(one, rollout)}. Both keys work; nothing was revoked`,
  });
