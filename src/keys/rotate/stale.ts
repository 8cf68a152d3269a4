/** Runs of the journal that the world has overtaken: what is left of them to do, or to take back. */
import { LfctlError } from '../../errors/error.ts';
import type { JournalRun, RunSummary } from '../../plan/journal.ts';
import { summarize } from '../../plan/journal.ts';
import type { Step } from '../../plan/plan.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { removeKey } from '../create.ts';
import { keyByPublic, text } from '../row.ts';
import type { Rotation } from './input.ts';
import { readInput } from './input.ts';
import { nextPair } from './pairs.ts';
import type { Tools } from './plan.ts';
import { rotateOperation } from './plan.ts';

/** Whether every place that was to have the new pair got it. */
export const isHandedOut = (run: RunSummary, { publicKey }: Rotation): boolean =>
  run.steps
    .filter(({ id }) => id.endsWith(`:${publicKey}`))
    .filter(({ id }) => /^(create-key|write-secret|to-secret):/.test(id))
    .every(({ state }) => state === 'done');

/** Rotations of a run whose old key somebody revoked before anybody had the new one: only its orphan is left. */
export async function overtaken(tools: Tools, run: RunSummary): Promise<Rotation[]> {
  const input = readInput(run.input);
  const found: Rotation[] = [];
  for (const rotation of input?.rotations ?? []) {
    if (input === null || isHandedOut(run, rotation)) continue;
    const row = await keyByPublic(tools.postgres, rotation.publicKey);
    if (row !== null && row.id === text(rotation.old, 'id')) continue;
    const work = { ...tools, rotation, waits: input.waits, pairs: { old: null, next: null } };
    if ((await nextPair(work)) === null) found.push(rotation);
  }
  return found;
}

/** What is left of such a rotation, under the id of the step that made the orphan. */
export function orphanStep(tenancy: Tenancy, { publicKey, next }: Rotation): Step {
  return {
    id: `create-key:${publicKey}`,
    text: `delete the new key of ${publicKey}, which was revoked before anybody had the new one`,
    undo: 'nothing to take back',
    apply: async () => {
      await removeKey(tenancy, next);
      return { ...next };
    },
    revert: () => Promise.resolve(),
  };
}

/**
 * Where the new key is gone, nobody holds what an undo would exchange: the old key would be back, and its consumers
 * would not have it. @throws LfctlError KEY_NO_UNDO
 */
export async function requireLast(
  postgres: PostgresPort,
  runs: readonly JournalRun[],
  run: RunSummary,
): Promise<void> {
  for (const { publicKey, next } of readInput(run.input)?.rotations ?? []) {
    const isOut = run.steps.some(
      ({ id, state }) =>
        id.endsWith(`:${publicKey}`) && /^(write-secret|to-secret):/.test(id) && state === 'done',
    );
    if (!isOut || (await keyByPublic(postgres, next.publicKey)) !== null) continue;
    const later = laterRun(runs, next.publicKey);
    const fix =
      later === undefined
        ? { text: 'put it back first', command: `lfctl key revoke --undo ${next.publicKey}` }
        : { text: 'take that back first', command: `lfctl key rotate --undo ${later.id}` };
    const how = later === undefined ? 'is gone' : `was rotated by run ${later.id}`;
    throw new LfctlError('KEY_NO_UNDO', {
      message: `${next.publicKey}, which run ${run.id} made, ${how} since: its consumers could not be given ${publicKey} again; nothing was changed`,
      fixes: [fix],
    });
  }
}

/** The newest rotation of this key that still counts. */
const laterRun = (runs: readonly JournalRun[], publicKey: string): RunSummary | undefined =>
  runs
    .map(summarize)
    .filter((run) => run !== null)
    .findLast(
      ({ operation, state, input }) =>
        operation === rotateOperation &&
        state !== 'undone' &&
        (readInput(input)?.rotations ?? []).some((rotation) => rotation.publicKey === publicKey),
    );
