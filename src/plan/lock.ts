import { LfctlError } from '../errors/error.ts';
import type { KubePort } from '../ports/kube.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import { takeLease } from './lease.ts';

/** Who holds a lock, and for what. */
export interface LockHolder {
  /** `mia@laptop pid 4711`. */
  readonly who: string;
  /** The command, `key rotate`. */
  readonly purpose: string;
}

/** Where a lock can be taken; each one that is reachable is. */
export interface LockPlaces {
  readonly kube: {
    readonly port: KubePort;
    readonly namespace: string;
    readonly release: string | null;
  } | null;
  readonly postgres: PostgresPort | null;
  /** Tells deployments that share a database or a namespace apart. */
  readonly deployment: string;
}

/** Locks that are held. */
export interface HeldLock {
  /** Aborts when one of them was lost: nothing more may be changed. */
  readonly lost: AbortSignal;
  /** What is worth saying: a place that could not be locked, a stale lock that was taken over. */
  readonly notes: readonly string[];
  readonly release: () => Promise<void>;
}

/** One place's lock. */
export interface PlacedLock {
  readonly lost: AbortSignal;
  readonly notes: readonly string[];
  readonly release: () => Promise<void>;
}

export interface LockClock {
  readonly now: () => Date;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Takes the lock of a kind of operation in each place that is reachable.
 * @throws LfctlError LOCKED with its holder and age; LOCK_UNAVAILABLE where none could be taken
 */
export async function takeLocks(
  kind: string,
  places: LockPlaces,
  holder: LockHolder,
  clock: LockClock,
): Promise<HeldLock> {
  const taken: PlacedLock[] = [];
  const notes: string[] = [];
  const take = async (place: Promise<PlacedLock | string>): Promise<void> => {
    const lock = await place;
    if (typeof lock === 'string') notes.push(lock);
    else taken.push(lock);
  };
  const release = async (): Promise<void> => {
    await Promise.all(taken.map(async (lock) => await lock.release().catch(() => undefined)));
  };
  try {
    // One after the other, in this order: two runs that start together cannot each hold a half.
    if (places.kube !== null) await take(takeLease(kind, places.kube, holder, clock));
    if (places.postgres !== null)
      await take(takeAdvisory(`${places.deployment}/${kind}`, places.postgres, holder, clock));
    if (taken.length === 0)
      throw new LfctlError('LOCK_UNAVAILABLE', {
        message: `no lock could be taken: ${notes.join('; ') || 'neither a cluster nor Postgres is reachable'}`,
      });
  } catch (error) {
    await release();
    throw error;
  }
  const lost = AbortSignal.any(taken.map((lock) => lock.lost));
  return { lost, notes: [...notes, ...taken.flatMap((lock) => lock.notes)], release };
}

/** A killed run's session ends within moments; a living one holds on. */
const advisoryTries = 6;
const advisoryPauseMs = 500;

async function takeAdvisory(
  name: string,
  postgres: PostgresPort,
  { who, purpose }: LockHolder,
  clock: LockClock,
): Promise<PlacedLock> {
  for (let tries = 1; ; tries += 1) {
    const lock = await postgres.lock(name, `lfctl ${purpose} by ${who}`);
    if (lock.held) return { lost: lock.lost, notes: [], release: lock.release };
    if (tries < advisoryTries) {
      await clock.pause(advisoryPauseMs);
      continue;
    }
    const since = lock.since === null ? '' : ` since ${lock.since}`;
    throw new LfctlError('LOCKED', {
      message: `${lock.holder ?? 'another lfctl'} holds the lock in Postgres${since}`,
    });
  }
}
