import type { Plan, Step } from '../../plan/plan.ts';
import type { KubePort } from '../../ports/kube.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import type { RotationInput } from './input.ts';
import { inputJson } from './input.ts';
import { adoptStep, restartStep, returnStep } from './steps/consumers.ts';
import { createStep } from './steps/create.ts';
import { drainStep, revokeStep } from './steps/revoke.ts';
import { secretStep } from './steps/secret.ts';
import { targetStep } from './steps/target.ts';
import type { WaitClock, Work } from './work.ts';

/** What the plan of a rotation is made with, now or from the journal. */
export interface Tools {
  readonly tenancy: Tenancy;
  readonly kube: KubePort;
  readonly postgres: PostgresPort;
  readonly clock: WaitClock;
  /** Of a run that is taken back: ids of the steps that it had begun. */
  readonly begun?: ReadonlySet<string>;
}

/** The operation's name in the journal. */
export const rotateOperation = 'key rotate';

/** Keys are changed by one operation at a time. */
const lock = 'keys';

/** The plan of one rotation, or of several, one after the other. */
export function rotationPlan(tools: Tools, input: RotationInput, notes: readonly string[]): Plan {
  const { rotations, waits } = input;
  const [only] = rotations;
  return {
    operation: rotateOperation,
    subject:
      rotations.length === 1 && only !== undefined
        ? `key ${only.publicKey}`
        : `${String(rotations.length)} keys`,
    lock,
    tier: 'reversible',
    input: inputJson(input),
    basis: [rotations.map(({ old, secrets, restarts }) => ({ ...old, secrets, restarts })), { ...waits }].map(
      (part) => JSON.stringify(part),
    ),
    steps: rotations.flatMap((rotation) =>
      stepsOf({ ...tools, rotation, waits, pairs: { old: null, next: null } }),
    ),
    onFailure: 'stop',
    notes,
  };
}

function stepsOf(work: Work): Step[] {
  const { rotation, waits } = work;
  return [
    createStep(work),
    ...(rotation.restarts.length === 0 ? [] : [returnStep(work)]),
    ...rotation.secrets.map((held) => secretStep(work, held)),
    ...(rotation.target === null ? [] : [targetStep(work, rotation.target)]),
    ...rotation.restarts.map((workload) => restartStep(work, workload)),
    ...(rotation.restarts.length === 0 ? [] : [adoptStep(work)]),
    ...(waits.keepOld ? [] : [drainStep(work), revokeStep(work)]),
  ];
}
