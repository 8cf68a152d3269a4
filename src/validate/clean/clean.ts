import { LfctlError } from '../../errors/error.ts';
import { canaryTime } from '../canary-id.ts';
import type { Clock } from '../follow.ts';
import type { Residue } from '../report.ts';
import type { CanaryIds } from '../canary.ts';
import { canaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';

/** A writer may flush once more after the first sweep. */
const rounds = 5;
const pauseMs = 500;

export interface Cleaning {
  readonly brooms: readonly Broom[];
  /** Stores that did not open, with the reason. */
  readonly closed: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/**
 * Removes canaries from every store and counts what is left.
 * @param quietMs looks again until this time is over: rows may be on their way, in a worker's buffer
 */
export async function cleanUp(
  { brooms, closed, clock }: Cleaning,
  canaries: readonly CanaryIds[],
  quietMs = 0,
): Promise<Residue> {
  const startedMs = clock.elapsed();
  const byStore: Record<string, number> = {};
  const unknown: Record<string, string> = { ...closed };
  for (let round = 0; round < rounds; round += 1) {
    // One after the other, in their order.
    for (const broom of brooms) {
      const left = canaries.length === 0 ? 0 : await sweepOne(broom, canaries);
      // Each round's word counts for both: a store that answers again is known again.
      if (typeof left === 'number') {
        byStore[broom.store] = left;
        delete unknown[broom.store];
      } else unknown[broom.store] = left.why;
    }
    const isQuiet = clock.elapsed() - startedMs >= quietMs;
    if ((sum(byStore) === 0 && isQuiet) || round === rounds - 1) break;
    await clock.pause(pauseMs);
  }
  return { total: sum(byStore), byStore, unknown, ms: Math.round(clock.elapsed() - startedMs) };
}

async function sweepOne(
  broom: Broom,
  canaries: readonly CanaryIds[],
): Promise<number | { readonly why: string }> {
  try {
    return await broom.sweep(canaries);
  } catch (error) {
    if (error instanceof LfctlError) return { why: error.message };
    throw error;
  }
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0);

/** Canaries of earlier runs, and the stores that could not be asked for them. */
export interface LeftCanaries {
  readonly canaries: readonly CanaryIds[];
  readonly unknown: Readonly<Record<string, string>>;
}

/** Canaries that earlier runs left, found in any store by their sealed ids. */
export async function leftCanaries(brooms: readonly Broom[], projectId: string): Promise<LeftCanaries> {
  const unknown: Record<string, string> = {};
  const found = await Promise.all(
    brooms.map(async (broom) => {
      const ids = await findIn(broom, projectId);
      if (!('why' in ids)) return ids;
      unknown[broom.store] = ids.why;
      return [];
    }),
  );
  const canaries = [...new Set(found.flat())].flatMap((traceId) => {
    const at = canaryTime(projectId, traceId);
    return at === null ? [] : [canaryIds(projectId, traceId, at)];
  });
  return { canaries, unknown };
}

async function findIn(
  broom: Broom,
  projectId: string,
): Promise<readonly string[] | { readonly why: string }> {
  try {
    return (await broom.find?.(projectId)) ?? [];
  } catch (error) {
    if (error instanceof LfctlError) return { why: error.message };
    throw error;
  }
}
