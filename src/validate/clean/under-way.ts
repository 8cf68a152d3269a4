import type { PostgresPort } from '../../ports/postgres.ts';
import type { CanaryIds } from '../canary.ts';
import { blockLock, spreadMs, tryLock } from '../seconds.ts';
import type { Station } from '../station.ts';

/** Canaries of runs that have ended, and what is left alone. */
export interface Ended {
  readonly canaries: readonly CanaryIds[];
  /** Of runs that still hold their lock. */
  readonly underWay: number;
  /** Why some may be of a run that is under way; null where it is known of all. */
  readonly unsure: string | null;
}

/** Seconds before this are of `--during` runs, which have one lock for all of theirs. */
const plainMs = 3_600_000;
/** The lock of all `--during` runs of a project. */
export const duringLock = (projectId: string): string => `lfctl canaries ${projectId} during`;

/** A run lasts as long as its timeout, and its canaries' ids are at most ten minutes older. */
const youngMs = spreadMs + 120_000;

/**
 * Leaves out what a run that is under way still follows. Its lock tells; where there is no Postgres to ask for it,
 * only what is too old to be followed is taken.
 */
export async function endedOnly(
  postgres: Station<PostgresPort>,
  projectId: string,
  canaries: readonly CanaryIds[],
  now: Date,
): Promise<Ended> {
  const port = postgres.state === 'open' ? postgres.port : null;
  const held = new Map<string, boolean | null>();
  const kept: CanaryIds[] = [];
  let underWay = 0;
  let young = 0;
  for (const canary of canaries) {
    const ageMs = now.getTime() - canary.second.getTime();
    const name = ageMs > plainMs ? duringLock(projectId) : blockLock(projectId, canary.second);
    if (!held.has(name)) held.set(name, port === null ? null : await isHeld(port, name));
    const state = held.get(name) ?? null;
    if (state === true) underWay += 1;
    else if (state === null && ageMs < youngMs) young += 1;
    else kept.push(canary);
  }
  const unsure =
    young === 0 ? null : `${young} canaries are younger than 12 minutes, and may be of a run under way`;
  return { canaries: kept, underWay, unsure };
}

/** Null where it cannot be asked. */
async function isHeld(postgres: PostgresPort, name: string): Promise<boolean | null> {
  const lock = await tryLock(postgres, name);
  if (lock === null) return null;
  if (lock.held) await lock.release();
  return !lock.held;
}
