import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Station } from './station.ts';

/** Seconds whose ids are this run's alone: an id stands for one second of a project. */
export interface Seconds {
  /** The so-manieth of them, as a time; there are 16. */
  readonly at: (index: number) => Date;
  readonly release: () => Promise<void>;
}

/** A run takes this many seconds at once. */
const blockSeconds = 16;
const blockMs = blockSeconds * 1000;
/** So many runs of one project at the same moment find a block each. */
const mostBlocks = 32;
/** Without a lock runs keep apart by chance, within the time that clean-up looks through. */
export const spreadMs = 600_000;

/** Of the runs of one project: what holds the seconds of a block, and what holds those of all `--during` runs. */
export const blockLock = (projectId: string, at: Date): string =>
  `lfctl canaries ${projectId} ${Math.floor(at.getTime() / blockMs)}`;

/**
 * Takes the newest whole block of seconds that no other run has, by an advisory lock of Postgres: it ends with the
 * run, however that ends, and writes nothing. Without Postgres seconds of the last ten minutes, by chance.
 * @param share 0 to 1, by chance
 */
export async function takeSeconds(
  postgres: Station<PostgresPort>,
  projectId: string,
  now: Date,
  share: number,
): Promise<Seconds> {
  const locked = postgres.state === 'open' ? await lockBlock(postgres.port, projectId, now) : null;
  if (locked !== null) return locked;
  const lastMs = now.getTime() - Math.floor(share * (spreadMs - blockMs));
  return { at: (index) => new Date(lastMs - index * 1000), release: () => Promise.resolve() };
}

/** Null where no lock can be had: the run goes on without. */
async function lockBlock(postgres: PostgresPort, projectId: string, now: Date): Promise<Seconds | null> {
  const newest = Math.floor(now.getTime() / blockMs) - 1;
  for (let block = newest; block > newest - mostBlocks; block -= 1) {
    const first = new Date(block * blockMs);
    const lock = await tryLock(postgres, blockLock(projectId, first));
    if (lock === null) return null;
    if (lock.held) return { at: (index) => new Date(first.getTime() + index * 1000), release: lock.release };
  }
  return null;
}

type Lock = Awaited<ReturnType<PostgresPort['lock']>>;

/** A lock, or that another has it; null where Postgres gives none. */
export async function tryLock(postgres: PostgresPort, name: string): Promise<Lock | null> {
  try {
    return await postgres.lock(name, 'lfctl validate');
  } catch (error) {
    if (error instanceof LfctlError) return null;
    throw error;
  }
}
