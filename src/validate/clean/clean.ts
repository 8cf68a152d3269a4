import { LfctlError } from '../../errors/error.ts';
import { canaryTime } from '../canary-id.ts';
import type { Clock } from '../follow.ts';
import type { Residue } from '../report.ts';
import type { CanaryIds } from '../canary.ts';
import { canaryIds } from '../canary.ts';
import { spreadMs } from '../seconds.ts';
import type { Broom, Found } from './broom.ts';

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
  /** Raw files of their spans, as far as a store names them. */
  readonly files: readonly string[];
  readonly unknown: Readonly<Record<string, string>>;
}

/** Canaries that earlier runs left, found in any store by their sealed ids. */
export async function leftCanaries(brooms: readonly Broom[], projectId: string): Promise<LeftCanaries> {
  const unknown: Record<string, string> = {};
  const found = await Promise.all(
    brooms.map(async (broom) => {
      const each = await findIn(broom, projectId);
      if (!('why' in each)) return each;
      unknown[broom.store] = each.why;
      return [];
    }),
  );
  const all = found.flat();
  const canaries = [...new Set(all.map(({ traceId }) => traceId))].flatMap((traceId) => {
    const of = all.filter((one) => one.traceId === traceId);
    return leftOne(projectId, traceId, of) ?? [];
  });
  const sealed = new Set(canaries.map(({ traceId }) => traceId));
  const files = all.filter(({ traceId }) => sealed.has(traceId)).flatMap((one) => one.files ?? []);
  return { canaries, files: [...new Set(files)], unknown };
}

/** Its spans came in within minutes of its second, where no row tells when; see seconds.ts. */
const widestMinutes = spreadMs / 60_000 + 2;

/** Null for what is no canary of this project. */
function leftOne(projectId: string, traceId: string, all: readonly Found[]): CanaryIds | null {
  const second = canaryTime(projectId, traceId);
  if (second === null) return null;
  const sentAt = all.find((one) => one.sentAt !== undefined)?.sentAt;
  const ids = canaryIds(projectId, traceId, second, sentAt);
  if (all.some(({ files = [] }) => files.length > 0)) return { ...ids, exported: null };
  return sentAt === undefined ? { ...ids, exported: { from: second, minutes: widestMinutes } } : ids;
}

async function findIn(broom: Broom, projectId: string): Promise<readonly Found[] | { readonly why: string }> {
  try {
    const found = (await broom.find?.(projectId)) ?? [];
    return found.map((one) => (typeof one === 'string' ? { traceId: one } : one));
  } catch (error) {
    if (error instanceof LfctlError) return { why: error.message };
    throw error;
  }
}
